package dev.espalier.worker.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The policies that events can name: those of the configured directory, then the built-in ones. */
@Singleton
public class PolicyCatalog {
  private static final String SUFFIX = ".yaml";

  private final Map<String, Policy> configured;
  private final List<Rule> rules = new ArrayList<>();
  private final Policy byDefault;

  /** What models of some names are pruned by. */
  private record Rule(Pattern models, Policy policy) {}

  PolicyCatalog(WorkerConfig config) {
    this.configured = config.policies().directory().map(PolicyCatalog::read).orElse(Map.of());
    for (WorkerConfig.Policies.Rule rule : config.policies().rules()) {
      String property = "espalier.policies.rules[" + rules.size() + "]";
      Pattern models = pattern(property + ".models", rule.models());
      rules.add(new Rule(models, named(property + ".policy", rule.policy())));
    }
    this.byDefault = named("espalier.policies.default", config.policies().defaultName());
  }

  private static Pattern pattern(String property, String expression) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new IllegalStateException(
          property + " is no regular expression (RE2): " + e.getMessage(), e);
    }
  }

  private Policy named(String property, String name) {
    return find(name)
        .orElseThrow(
            () -> new IllegalStateException(property + " names no policy: '" + name + "'"));
  }

  /**
   * The policy of an event.
   *
   * @param given a name, a policy, or absent: then the first rule that matches decides, or the
   *     default
   * @param model the model's name
   * @throws Refusal with {@code unknown-policy}, {@code policy-invalid} or {@code
   *     policy-not-supported}
   */
  Policy choose(@Nullable JsonNode given, String model) {
    if (given == null || given.isNull()) {
      return rules.stream()
          .filter(rule -> rule.models().matcher(model).find())
          .map(Rule::policy)
          .findFirst()
          .orElse(byDefault);
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
