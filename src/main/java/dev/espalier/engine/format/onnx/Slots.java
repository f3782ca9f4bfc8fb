package dev.espalier.engine.format.onnx;

import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a constant is to the operator that reads it, by operator and input position. */
final class Slots {
  private static final Set<String> PRODUCTS =
      Set.of(
          "Conv",
          "ConvTranspose",
          "DeformConv",
          "Gemm",
          "MatMul",
          "Einsum",
          "ConvInteger",
          "MatMulInteger",
          "QLinearConv",
          "QLinearMatMul");

  /**
   * Operators whose results hold nothing but elements of their first input, or numbers that are
   * zero where those are: quantising and dequantising, and casts, map zero to zero.
   */
  private static final Set<String> HANDING_ON =
      Set.of(
          "Identity",
          "Transpose",
          "Reshape",
          "Flatten",
          "Squeeze",
          "Unsqueeze",
          "Expand",
          "Slice",
          "Split",
          "Cast",
          "QuantizeLinear",
          "DequantizeLinear");

  private Slots() {}

  /** Whether the operator has weights that are multiplied and summed over its input. */
  static boolean isProduct(Node node) {
    return PRODUCTS.contains(node.operator());
  }

  /** Whether a product that the operator reads is still one, to which a bias may be added. */
  static boolean keepsProduct(Node node) {
    return handsOn(node) || node.operator().equals("Mul");
  }

  /** Whether the operator hands on its first input's elements, zeros as zeros. */
  static boolean handsOn(Node node) {
    return HANDING_ON.contains(node.operator());
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
          case "DeformConv" -> input == 1 ? Role.KERNEL : input == 3 ? Role.BIAS : null;
          case "ConvInteger" -> input == 1 ? Role.KERNEL : null;
          case "QLinearConv" -> input == 3 ? Role.KERNEL : input == 8 ? Role.BIAS : null;
          case "Gemm" -> input < 2 ? Role.KERNEL : Role.BIAS;
          case "MatMul", "Einsum" -> Role.KERNEL;
          case "MatMulInteger" -> input < 2 ? Role.KERNEL : null;
          case "QLinearMatMul" -> input == 0 || input == 3 ? Role.KERNEL : null;
          case "BatchNormalization",
              "InstanceNormalization",
              "LayerNormalization",
              "GroupNormalization",
              "RMSNormalization" ->
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
