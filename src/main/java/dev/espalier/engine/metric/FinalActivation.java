package dev.espalier.engine.metric;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.HalfPrecision;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The activation that makes the numbers of a graph's first output, found by walking back over
 * operators that leave their meaning alone.
 *
 * @param kind what the numbers are
 * @param node the activation; absent for logits and other raw numbers
 * @param inPlace whether its operand has the output's numbers in the output's order
 * @param unclear why the meaning cannot be told and what to do; absent when it can
 */
public record FinalActivation(
    Head.Kind kind, @Nullable Node node, boolean inPlace, @Nullable String unclear) {
  private static final Set<String> IN_PLACE =
      Set.of("Cast", "Clip", "Dropout", "Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze");
  private static final Set<String> MOVING =
      Set.of("DequantizeLinear", "QuantizeLinear", "Transpose");
  private static final Set<String> SELECTING = Set.of("Gather", "Slice", "Split");

  /** Clipping at most this near to 0 and 1 only keeps logarithms finite. */
  private static final double MARGIN = 0.01;

  /** The activation of a graph's first output. */
  public static FinalActivation of(Graph graph) {
    Map<String, Node> producers = new HashMap<>();
    graph.nodes().forEach(node -> node.outputs().forEach(name -> producers.put(name, node)));
    String output = graph.outputs().get(0).name();
    List<Node> passed = new ArrayList<>();
    Node node = producers.get(output);
    while (node != null && isPassed(node)) {
      passed.add(node);
      node = node.input(0).map(producers::get).orElse(null);
    }
    Head.Kind kind = node == null ? Head.Kind.RAW : kind(node.operator());
    if (node == null || kind == Head.Kind.RAW) {
      Node hidden = new UpstreamActivations(graph).of(output);
      String unclear = hidden == null || node == null ? null : unclear(output, hidden, node);
      return new FinalActivation(Head.Kind.RAW, null, true, unclear);
    }
    for (Node step : passed) {
      if (changes(step, kind, graph)) {
        return new FinalActivation(Head.Kind.RAW, null, false, unclear(output, node, step));
      }
    }
    boolean selected = passed.stream().anyMatch(step -> SELECTING.contains(step.operator()));
    boolean inPlace = passed.stream().allMatch(step -> IN_PLACE.contains(step.operator()));
    return new FinalActivation(selected ? Head.Kind.SIGMOID : kind, node, inPlace, null);
  }

  private static boolean isPassed(Node node) {
    String operator = node.operator();
    return IN_PLACE.contains(operator) || MOVING.contains(operator) || SELECTING.contains(operator);
  }

  static Head.Kind kind(String operator) {
    return switch (operator) {
      case "Softmax" -> Head.Kind.SOFTMAX;
      case "LogSoftmax" -> Head.Kind.LOG_SOFTMAX;
      case "Sigmoid", "HardSigmoid" -> Head.Kind.SIGMOID;
      default -> Head.Kind.RAW;
    };
  }

  private static boolean changes(Node step, Head.Kind kind, Graph graph) {
    return switch (step.operator()) {
      case "Cast" -> !isReal(step.integer("to", DataType.FLOAT.onnxCode()));
      case "Clip" ->
          kind == Head.Kind.LOG_SOFTMAX
              || !(bound(step, "min", 1, 0, graph) <= MARGIN)
              || !(bound(step, "max", 2, 1, graph) >= 1 - MARGIN);
      default -> kind == Head.Kind.LOG_SOFTMAX && SELECTING.contains(step.operator());
    };
  }

  private static boolean isReal(long code) {
    for (DataType type : DataType.values()) {
      if (type.onnxCode() == code) {
        return type.isReal();
      }
    }
    return false;
  }

  /** A bound of a Clip, not a number when it is not known. */
  private static double bound(Node clip, String attribute, int input, float absent, Graph graph) {
    Optional<String> name = clip.input(input);
    if (name.isEmpty()) {
      return clip.real(attribute, absent);
    }
    Tensor tensor = graph.initializers().get(name.get());
    if (tensor == null || tensor.size() != 1) {
      return Double.NaN;
    }
    return switch (tensor.type()) {
      case FLOAT -> tensor.floats().get(0);
      case DOUBLE -> tensor.doubles().get(0);
      case FLOAT16 -> HalfPrecision.toFloat(tensor.bytes().getShort(0));
      default -> Double.NaN;
    };
  }

  private static String unclear(String output, Node activation, Node last) {
    String through =
        last.equals(activation) ? "" : " through '%s' (%s)".formatted(last.name(), last.operator());
    return ("output '%s' comes from '%s' (%s)%s, so that it cannot be told whether it holds"
            + " probabilities: export the model so that it ends in Sigmoid or Softmax, or with"
            + " logits")
        .formatted(output, activation.name(), activation.operator(), through);
  }
}
