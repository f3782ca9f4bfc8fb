package dev.espalier.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Policies of tests: what they name, and the schema's defaults. */
public final class TestPolicies {
  private TestPolicies() {}

  /** A policy of the fields in YAML's flow style, without braces and name. */
  public static Policy policy(String fields) {
    return PolicyReader.readYaml(fields.isEmpty() ? "name: test" : "{name: test, " + fields + "}");
  }

  /** Recovery with the fields in YAML's flow style, without braces. */
  public static Policy.Recover recover(String fields) {
    return policy("recover: {" + fields + "}").recover();
  }

  /** A gate with the fields in YAML's flow style, without braces. */
  public static Policy.Gate gate(String fields) {
    return policy("gate: {" + fields + "}").gate();
  }

  /** Like another policy, but for the fields in YAML's flow style, whole sections at a time. */
  public static Policy like(Policy other, String fields) {
    ObjectNode merged = ContractJson.mapper().valueToTree(other);
    JsonNode given = PolicyYaml.parse("{" + fields + "}");
    given.properties().forEach(field -> merged.set(field.getKey(), field.getValue()));
    return PolicyReader.read(merged);
  }
}
