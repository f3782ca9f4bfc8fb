package dev.espalier.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/**
 * Identity of an effective policy: two policies with the same digest ask for the same work. It is
 * the SHA-256 of the policy's JSON in UTF-8 with members sorted by name, without white space, and
 * with numbers in plain decimal notation without trailing zeros.
 */
public final class PolicyDigest {
  private PolicyDigest() {}

  /** The digest of {@code policy}. */
  public static Sha256 of(Policy policy) {
    return Sha256.of(canonical(policy).getBytes(StandardCharsets.UTF_8));
  }

  static String canonical(Policy policy) {
    StringBuilder out = new StringBuilder();
    append(ContractJson.mapper().valueToTree(policy), out);
    return out.toString();
  }

  private static void append(JsonNode node, StringBuilder out) {
    if (node.isObject()) {
      TreeMap<String, JsonNode> members = new TreeMap<>();
      node.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
      String separator = "{";
      for (var member : members.entrySet()) {
        out.append(separator).append(TextNode.valueOf(member.getKey())).append(':');
        append(member.getValue(), out);
        separator = ",";
      }
      out.append(members.isEmpty() ? "{}" : "}");
    } else if (node.isArray()) {
      String separator = "[";
      for (JsonNode element : node) {
        out.append(separator);
        append(element, out);
        separator = ",";
      }
      out.append(node.isEmpty() ? "[]" : "]");
    } else if (node.isNumber()) {
      out.append(node.decimalValue().stripTrailingZeros().toPlainString());
    } else {
      out.append(node);
    }
  }
}
