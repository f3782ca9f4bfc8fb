package dev.espalier.engine.format.onnx;

import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a constant is to the operator that reads it, by operator and input position. */
final class Slots {
  private static final Set<String> PRODUCTS = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");
  private static final Set<String> RESHAPING =
      Set.of("Identity", "Transpose", "Reshape", "Squeeze", "Unsqueeze");

  private Slots() {}

  /** Whether the operator has weights that are multiplied and summed over its input. */
  static boolean isProduct(Node node) {
    return PRODUCTS.contains(node.operator());
  }

  /** Whether the operator hands on its first input's elements as they are. */
  static boolean keepsElements(Node node) {
    return RESHAPING.contains(node.operator());
  }

  /**
   * Role of a constant at an input.
   *
   * @param afterProduct whether another input of the node comes from a product
   * @return empty where a constant is a setting, not something trained
   */
  static Optional<Role> role(Node node, int input, boolean afterProduct) {
    return Optional.ofNullable(
        switch (node.operator()) {
          case "Conv", "ConvTranspose" -> input == 1 ? Role.KERNEL : input == 2 ? Role.BIAS : null;
          case "Gemm" -> input < 2 ? Role.KERNEL : Role.BIAS;
          case "MatMul" -> Role.KERNEL;
          case "BatchNormalization",
              "InstanceNormalization",
              "LayerNormalization",
              "GroupNormalization" ->
              input > 0 ? Role.NORMALIZATION : null;
          case "Gather" -> input == 0 ? Role.EMBEDDING : null;
          case "Add" -> afterProduct ? Role.BIAS : Role.OTHER;
          case "Sub", "Mul", "Div", "Concat" -> Role.OTHER;
          case "LSTM", "GRU", "RNN" -> recurrent(input);
          case "PRelu" -> input > 0 ? Role.OTHER : null;
          default -> null;
        });
  }

  /** Input and recurrent weights, biases, and initial states or peepholes. */
  private static @Nullable Role recurrent(int input) {
    return switch (input) {
      case 1, 2 -> Role.KERNEL;
      case 3 -> Role.BIAS;
      case 5, 6, 7 -> Role.OTHER;
      default -> null;
    };
  }
}
