package dev.espalier.worker.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.BuiltInPolicies;
import dev.espalier.contract.Policy;
import dev.espalier.contract.PolicyReader;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.worker.config.WorkerConfig;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The policies that events can name: those of the configured directory, then the built-in ones. */
@Singleton
public class PolicyCatalog {
  private static final String SUFFIX = ".yaml";

  private final Map<String, Policy> configured;
  private final Policy byDefault;

  PolicyCatalog(WorkerConfig config) {
    this.configured = config.policies().directory().map(PolicyCatalog::read).orElse(Map.of());
    String name = config.policies().defaultName();
    this.byDefault =
        find(name)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "espalier.policies.default names no policy: '" + name + "'"));
  }

  /**
   * The policy of an event.
   *
   * @param given a name, a policy, or absent
   * @throws Refusal with {@code unknown-policy}, {@code policy-invalid} or {@code
   *     policy-not-supported}
   */
  Policy choose(@Nullable JsonNode given) {
    if (given == null || given.isNull()) {
      return byDefault;
    }
    if (given.isObject()) {
      return PolicyReader.read(given);
    }
    String name = given.asText();
    return find(name)
        .orElseThrow(
            () ->
                new Refusal(
                    ReasonCode.UNKNOWN_POLICY,
                    "policy names '" + name + "', which espalier.policies.directory lacks"));
  }

  private Optional<Policy> find(String name) {
    Policy policy = configured.get(name);
    return policy == null ? BuiltInPolicies.find(name) : Optional.of(policy);
  }

  private static Map<String, Policy> read(Path directory) {
    Map<String, Policy> policies = new HashMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        String fileName = file.getFileName().toString();
        Policy policy = read(file, Files.readString(file));
        String name = fileName.substring(0, fileName.length() - SUFFIX.length());
        if (!policy.name().equals(name)) {
          throw new IllegalStateException(
              "espalier.policies.directory: " + file + " holds policy '" + policy.name() + "'");
        }
        policies.put(name, policy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("espalier.policies.directory cannot be read", e);
    }
    return Map.copyOf(policies);
  }

  private static Policy read(Path file, String yaml) {
    try {
      return PolicyReader.readYaml(yaml);
    } catch (Refusal e) {
      throw new IllegalStateException(
          "espalier.policies.directory: " + file + ": " + e.reason(), e);
    }
  }
}
