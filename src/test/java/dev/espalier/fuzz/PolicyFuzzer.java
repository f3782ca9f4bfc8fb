package dev.espalier.fuzz;

import dev.espalier.contract.Policy;
import dev.espalier.contract.PolicyDigest;
import dev.espalier.contract.PolicyReader;
import dev.espalier.contract.Refusal;
import java.nio.charset.StandardCharsets;

/** Policies in YAML. */
public final class PolicyFuzzer {
  private PolicyFuzzer() {}

  /** Called by Jazzer: loading classes counts towards no input's time. */
  public static void fuzzerInitialize() {
    Memory.warmUp();
    fuzzerTestOneInput(new byte[0]);
  }

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    Memory.executing();
    try {
      Policy policy = PolicyReader.readYaml(new String(input, StandardCharsets.UTF_8));
      PolicyDigest.of(policy);
    } catch (Refusal refused) {
      // One of the two ends there may be.
    }
  }

  /** Called by Jazzer. */
  public static void fuzzerTearDown() {
    Memory.report();
  }
}
