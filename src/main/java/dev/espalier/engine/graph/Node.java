package dev.espalier.engine.graph;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One operation.
 *
 * @param name unique within the graph
 * @param operator ONNX operator name of the default domain
 * @param inputs names of the values read, in the operator's order; empty for an omitted optional
 *     one
 * @param outputs names of the values written
 * @param attributes by ONNX attribute name
 */
public record Node(
    String name,
    String operator,
    List<String> inputs,
    List<String> outputs,
    Map<String, Attribute> attributes) {

  /** Copies its collections. */
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Map.copyOf(attributes);
  }

  /** A node in its place that hands its first input on. */
  public Node passingOn() {
    return new Node(name, "Identity", inputs.subList(0, 1), outputs.subList(0, 1), Map.of());
  }

  /** An input's name, or empty when it is omitted. */
  public Optional<String> input(int index) {
    return index < inputs.size() && !inputs.get(index).isEmpty()
        ? Optional.of(inputs.get(index))
        : Optional.empty();
  }

  /** An integer attribute, or {@code absent} when the node does not have it. */
  public long integer(String attribute, long absent) {
    return attributes.get(attribute) instanceof Attribute.Int i ? i.value() : absent;
  }

  /** A float attribute, or {@code absent} when the node does not have it. */
  public float real(String attribute, float absent) {
    return attributes.get(attribute) instanceof Attribute.Real r ? r.value() : absent;
  }

  /** A string attribute, or {@code absent} when the node does not have it. */
  public String text(String attribute, String absent) {
    return attributes.get(attribute) instanceof Attribute.Text t ? t.value() : absent;
  }

  /** An integer-list attribute, or {@code absent} when the node does not have it. */
  public long[] integers(String attribute, long... absent) {
    return attributes.get(attribute) instanceof Attribute.Ints i
        ? i.values().stream().mapToLong(Long::longValue).toArray()
        : absent.clone();
  }
}
