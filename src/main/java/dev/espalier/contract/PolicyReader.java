package dev.espalier.contract;

import static dev.espalier.contract.ReasonCode.POLICY_INVALID;
import static dev.espalier.contract.ReasonCode.POLICY_NOT_SUPPORTED;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Turns the JSON or YAML of a policy into an effective {@link Policy}. Three things can be wrong
 * with it, and each is refused: it breaks {@code schemas/policy/v1.json} or contradicts itself
 * ({@code policy-invalid}), or it asks for something that this version does not do ({@code
 * policy-not-supported}). What {@link Policy} has a place for is what is done, so a field without
 * one is accepted at its default only: nothing is ever ignored.
 */
public final class PolicyReader {
  private static final ObjectReader BUILT_PARTS =
      ContractJson.mapper()
          .readerFor(Policy.class)
          .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private PolicyReader() {}

  /**
   * The effective policy of a YAML document.
   *
   * @throws Refusal when it is malformed, breaks the schema or asks for what is not built
   */
  public static Policy readYaml(String yaml) {
    return read(PolicyYaml.parse(yaml));
  }

  /**
   * The effective policy of a JSON object.
   *
   * @throws Refusal when it breaks the schema or asks for what is not built
   */
  public static Policy read(JsonNode given) {
    List<String> violations = PolicyViolations.of(given);
    if (!violations.isEmpty()) {
      throw new Refusal(POLICY_INVALID, String.join(". ", violations));
    }
    ObjectNode effective = PolicyDefaults.fill((ObjectNode) given);
    Policy policy = builtParts(effective);
    refuseOtherParts(effective, ContractJson.mapper().valueToTree(policy), "");
    PolicyChecks.check(policy);
    IgnoredFields.refuse(given, policy);
    return policy;
  }

  private static Policy builtParts(ObjectNode effective) {
    try {
      return BUILT_PARTS.readValue(effective);
    } catch (JsonMappingException e) {
      // The schema has accepted the value, so it is one that Policy does not list yet.
      String field =
          e.getPath().stream()
              .map(JsonMappingException.Reference::getFieldName)
              .collect(Collectors.joining("."));
      JsonNode value = effective.at("/" + field.replace('.', '/'));
      throw new Refusal(
          POLICY_NOT_SUPPORTED,
          "policy field '%s' cannot be %s in this version%s".formatted(field, value, choices(e)),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("a tree cannot fail to be read", e);
    }
  }

  private static String choices(JsonMappingException e) {
    if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType().isEnum()) {
      JsonNode names =
          ContractJson.mapper().valueToTree(mismatch.getTargetType().getEnumConstants());
      return "; it can be one of " + names;
    }
    return "";
  }

  private static void refuseOtherParts(JsonNode effective, JsonNode built, String prefix) {
    effective
        .properties()
        .forEach(
            member -> {
              String field = prefix + member.getKey();
              JsonNode value = member.getValue();
              JsonNode place = built.path(member.getKey());
              if (place.isObject() || PolicyDefaults.isGroup(field)) {
                refuseOtherParts(value, place, field + ".");
              } else if (place.isMissingNode() && !PolicyDefaults.isDefault(field, value)) {
                throw new Refusal(
                    POLICY_NOT_SUPPORTED,
                    "policy field '" + field + "' is not built in this version; leave it out");
              }
            });
  }
}
