package dev.espalier.engine.format.onnx;

import dev.espalier.engine.graph.Node;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The layer a tensor belongs to, from the naming habits of the exporters: {@code conv1.weight}
 * (PyTorch), {@code dense/kernel:0} (TensorFlow), {@code fc1_bias} (MXNet), {@code linear_0.w_0}
 * (Paddle), with {@code _quantized} behind it where a quantiser was at work. Where a name says
 * nothing, the node does: {@code /fc1/MatMul} is layer {@code fc1}.
 */
final class LayerNames {
  private static final Pattern TENSOR =
      Pattern.compile(
          "(.+)[./_](weight(_[ih]h_l\\d+(_reverse)?)?|bias(_[ih]h_l\\d+(_reverse)?)?|kernel"
              + "|recurrent_kernel|gamma|beta|running_mean|running_var|moving_mean"
              + "|moving_variance|moving_var|[wb]_\\d+|[wb])(:0)?(_quantized|_q)?");

  /** A node's path, without the operator at its end, as {@code /fc1/MatMul_quant}. */
  private static final Pattern NODE =
      Pattern.compile("^/?(.+?)(/[A-Z][A-Za-z]+(_\\d+)?(_quant(ized)?)?)?$");

  private LayerNames() {}

  /** Layer of the initializer {@code tensor} that {@code node} reads. */
  static String of(String tensor, Node node) {
    Matcher matcher = TENSOR.matcher(tensor);
    return matcher.matches() ? matcher.group(1) : of(node);
  }

  private static String of(Node node) {
    return NODE.matcher(node.name()).replaceFirst("$1");
  }
}
