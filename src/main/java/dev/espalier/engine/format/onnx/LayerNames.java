package dev.espalier.engine.format.onnx;

import dev.espalier.engine.graph.Node;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The layer a tensor belongs to, from the naming habits of the exporters: {@code conv1.weight}
 * (PyTorch), {@code dense/kernel:0} (TensorFlow), {@code fc1_bias} (MXNet). Where a name says
 * nothing, the node does: {@code /fc1/MatMul} is layer {@code fc1}.
 */
final class LayerNames {
  private static final Pattern TENSOR =
      Pattern.compile(
          "(.+)[./_](weight|bias|kernel|gamma|beta|running_mean|running_var|moving_mean"
              + "|moving_variance|moving_var)(:0)?");

  private LayerNames() {}

  /** Layer of the initializer {@code tensor} that {@code node} reads. */
  static String of(String tensor, Node node) {
    Matcher matcher = TENSOR.matcher(tensor);
    return matcher.matches() ? matcher.group(1) : of(node);
  }

  private static String of(Node node) {
    String name = node.name().startsWith("/") ? node.name().substring(1) : node.name();
    String suffix = "/" + node.operator();
    return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
  }
}
