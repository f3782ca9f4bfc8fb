package dev.espalier.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import java.util.List;
import java.util.Map;

/** What is wrong with a policy, said of its fields: name, value, what it may be. */
final class PolicyViolations {
  /** Most that are told: one is enough to refuse, a few help to repair. */
  private static final int MOST = 4;

  /** Longest value shown. */
  private static final int SHOWN = 60;

  /** What a type and a range do not say. */
  private static final Map<String, String> FORMS =
      Map.of(
          "name", "1 to 64 of the characters a-z, 0-9, '.', '_' and '-', a letter or digit first",
          "budget.max-duration", "a duration such as PT30M, PT2H or P1DT12H",
          "granularity", "weight, filter, {block: [ROWS, COLUMNS]} or {n: N, m: M}",
          "granularity.block", "two integers from 1 to 256, such as [4, 1]",
          "target", "either {sparsity: S} or {delete: COUNT}",
          "exclude", "a list of at most 64 expressions",
          "overrides", "a list of at most 64 entries such as {layers: EXPRESSION, max-sparsity: S}",
          "fallback", "a list of at most 8 criteria, each once");

  private PolicyViolations() {}

  /** Each violation as one sentence without a full stop; empty when the policy is valid. */
  static List<String> of(JsonNode policy) {
    List<Error> errors = Schemas.policy().errors(policy);
    if (!errors.isEmpty() && !policy.isObject()) {
      return List.of(
          "a policy is a group of fields, such as {name: half, target: {sparsity: 0.5}}");
    }
    return errors.stream().map(PolicyViolations::sentence).distinct().limit(MOST).toList();
  }

  private static String sentence(Error error) {
    String field = field(error);
    return switch (error.getKeyword()) {
      case "additionalProperties" -> unknown(field, error.getProperty());
      case "required" ->
          FORMS.containsKey(field)
              ? wrong(field, error)
              : "policy field '%s' is missing".formatted(join(field, error.getProperty()));
      case "const" ->
          "policy field '%s' is %s; it must be left out, or 1, for the kind one-shot"
              .formatted(field, shown(error.getInstanceNode()));
      default -> wrong(field, error);
    };
  }

  private static String unknown(String group, String name) {
    return "there is no policy field '%s'; %s"
        .formatted(
            join(group, name),
            PolicyFields.meant(group, name)
                .map("did you mean '%s'?"::formatted)
                .orElse(
                    (group.isEmpty() ? "there are " : "'%s' has ".formatted(group))
                        + String.join(", ", PolicyFields.names(group))));
  }

  private static String wrong(String field, Error error) {
    // An item of a list that has a form of its own is described with the list.
    String described = field;
    if (!FORMS.containsKey(field) && PolicyFields.allowed(field).isEmpty()) {
      described = field.replaceAll("\\[\\d+].*$", "");
    }
    String allowed =
        FORMS.containsKey(described)
            ? FORMS.get(described)
            : PolicyFields.allowed(described).orElse(error.getMessage());
    return "policy field '%s' is %s; it must be %s"
        .formatted(field, shown(error.getInstanceNode()), allowed);
  }

  private static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  private static String join(String group, String name) {
    return group.isEmpty() ? name : group + "." + name;
  }

  /** Where an error is, as {@code overrides[0].layers}. */
  private static String field(Error error) {
    StringBuilder field = new StringBuilder();
    for (String part : error.getInstanceLocation().toString().split("/", -1)) {
      if (!part.isEmpty()) {
        boolean index = part.chars().allMatch(Character::isDigit);
        field.append(index ? "[" + part + "]" : (field.isEmpty() ? "" : ".") + part);
      }
    }
    return field.toString();
  }
}
