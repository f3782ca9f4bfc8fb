package dev.espalier.cli;

import dev.espalier.contract.BuiltInPolicies;
import dev.espalier.contract.Policy;
import dev.espalier.contract.PolicyReader;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code --policy NAME|FILE}: a file when there is one of that name, else a built-in policy. */
final class PolicyArgument {
  private static final long MAX_BYTES = 1 << 20;

  private PolicyArgument() {}

  /**
   * Reads the policy.
   *
   * @throws Refusal when there is no such policy, or it is invalid or asks for what is not built
   */
  static Policy read(String argument) throws IOException {
    Path file = Path.of(argument);
    if (!Files.isRegularFile(file)) {
      return BuiltInPolicies.find(argument)
          .orElseThrow(
              () ->
                  new Refusal(
                      ReasonCode.UNKNOWN_POLICY,
                      "'%s' is neither a file nor a built-in policy; there is '%s'"
                          .formatted(argument, BuiltInPolicies.GRADUAL_90)));
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new Refusal(ReasonCode.POLICY_INVALID, "'" + argument + "' is too long for a policy");
    }
    // JSON is YAML, so both are read alike.
    return PolicyReader.readYaml(Files.readString(file));
  }
}
