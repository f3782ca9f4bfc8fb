package dev.espalier.bench;

import dev.espalier.contract.Policy;
import dev.espalier.contract.PolicyReader;
import dev.espalier.contract.TestPolicies;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One model to be made and measured.
 *
 * @param group the file of results it belongs to, and the first part of its id
 * @param network the network it starts from
 * @param method what makes it: a criterion and a schedule, or a peer's name
 * @param policy name of a policy below {@code /bench}, which peers take steps and epochs from
 * @param tried sections that run and control have otherwise than the policy, to choose a recipe by;
 *     usually empty
 * @param changes what this run has otherwise than the policy, in YAML's flow style, without braces;
 *     may be empty
 * @param sparsity target
 * @param seed of dense training, pruning and the halves of the test set
 * @param kind who makes it
 */
record Run(
    String group,
    String network,
    String method,
    String policy,
    String tried,
    String changes,
    double sparsity,
    int seed,
    Kind kind) {
  /** Who makes a model. */
  enum Kind {
    /** The engine. */
    ENGINE,
    /** The engine, removing nothing: the same extra training. */
    CONTROL,
    /** A PyTorch script. */
    PEER
  }

  /** Unique, and the same in every call of the benchmark. */
  String id() {
    return String.format(Locale.ROOT, "%s/%s/%s/%s/%d", group, network, method, sparsity, seed);
  }

  /**
   * The dense control of this run: the policy's recovery and steps, but nothing is removed, and
   * what comes of it is kept.
   */
  Run control() {
    return new Run("controls", network, "control", policy, tried, "", 0, seed, Kind.CONTROL);
  }

  /** The same with other sections of the policy, for the control too. */
  Run with(String sections) {
    return new Run(group, network, method, policy, sections, changes, sparsity, seed, kind);
  }

  /** The effective policy. */
  Policy effectivePolicy() {
    Policy base = TestPolicies.like(basePolicy(), joined("seed: " + seed, tried));
    if (kind == Kind.CONTROL) {
      return TestPolicies.like(
          base,
          "target: {sparsity: 0}, search: {enabled: false}, quantize: none, criterion: magnitude, "
              + "granularity: weight, scope: global, overrides: [], "
              + "gate: {max-drop: 0.99, min-size-reduction: 0}, "
              + "schedule: {kind: cubic, steps: %d}".formatted(base.schedule().steps()));
    }
    return TestPolicies.like(base, joined("target: {sparsity: " + sparsity + "}", changes));
  }

  private static String joined(String first, String second) {
    return second.isEmpty() ? first : first + ", " + second;
  }

  private Policy basePolicy() {
    try (InputStream file = Run.class.getResourceAsStream("/bench/" + policy + ".yaml")) {
      if (file == null) {
        throw new IllegalArgumentException("/bench/" + policy + ".yaml is not there");
      }
      return PolicyReader.readYaml(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
