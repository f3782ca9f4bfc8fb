package dev.espalier.engine.mask;

import dev.espalier.engine.graph.KernelAxes;
import dev.espalier.engine.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A kernel as the matrix that multiplies what flows in: a row for each output, and along it
 * everything that flows into that output. The columns of a convolution run by kernel position and,
 * at each position, by input channel, as its unrolled input does where channels come last.
 *
 * <p>Which axes are which follows from the operator that reads the tensor (ONNX operator
 * specification): the filters of {@code Conv} are [out, in / group, kernel…], those of {@code
 * ConvTranspose} [in, out / group, kernel…], a recurrent layer's weights [directions, gates · out,
 * in], and in products of matrices the summed axis is the input.
 *
 * @param rows outputs
 * @param positions kernel positions of a convolution, in order
 * @param inputs inputs at one position
 */
record KernelMatrix(List<Extent> rows, List<Extent> positions, List<Extent> inputs) {
  /** Merges what can be merged, so that equal matrices are equal records. */
  KernelMatrix {
    rows = Extent.merged(rows);
    positions = Extent.merged(positions);
    inputs = Extent.merged(inputs);
  }

  /** What flows into one output. */
  List<Extent> columns() {
    List<Extent> columns = new ArrayList<>(positions);
    columns.addAll(inputs);
    return columns;
  }

  /** Whether {@code node} multiplies its input {@code slot} with another. */
  static boolean isFactor(Node node, int slot) {
    return switch (node.operator()) {
      case "Conv", "ConvTranspose", "DeformConv", "ConvInteger" -> slot == 1;
      case "QLinearConv" -> slot == 3;
      case "Gemm", "MatMul", "MatMulInteger" -> slot < 2;
      case "QLinearMatMul" -> slot == 0 || slot == 3;
      case "LSTM", "GRU", "RNN" -> slot == 1 || slot == 2;
      case "Einsum" -> true;
      default -> false;
    };
  }

  /**
   * The matrix that {@code node} makes of its factor {@code slot}; empty where its axes do not say.
   */
  static Optional<KernelMatrix> of(Node node, int slot, StridedView view) {
    int rank = view.rank();
    return switch (node.operator()) {
      case "Conv", "DeformConv", "ConvInteger", "QLinearConv" ->
          rank < 3 ? Optional.empty() : Optional.of(convolution(view));
      case "ConvTranspose" -> transposedConvolution(view, node.integer("group", 1));
      case "Gemm", "MatMul", "MatMulInteger", "QLinearMatMul", "LSTM", "GRU", "RNN" ->
          KernelAxes.at(node, slot, rank).map(axes -> product(view, axes.input()));
      case "Einsum" -> EinsteinSum.of(node, slot).flatMap(sum -> sum.matrix(slot, view));
      default -> Optional.empty();
    };
  }

  private static KernelMatrix convolution(StridedView view) {
    return new KernelMatrix(view.axis(0), view.axes(2, view.rank()), view.axis(1));
  }

  /** Each group's outputs see the inputs of the group alone. */
  private static Optional<KernelMatrix> transposedConvolution(StridedView view, long groups) {
    if (view.rank() < 3 || groups < 1 || view.size(0) % groups != 0) {
      return Optional.empty();
    }
    return new StridedView(List.of(view.axis(0)))
        .reshaped(groups, view.size(0) / groups)
        .map(
            inputs -> {
              List<Extent> rows = new ArrayList<>(inputs.axis(0));
              rows.addAll(view.axis(1));
              return new KernelMatrix(rows, view.axes(2, view.rank()), inputs.axis(1));
            });
  }

  /** A product of matrices, or a stack of them, that sums over axis {@code inputs}. */
  private static KernelMatrix product(StridedView view, int inputs) {
    List<Extent> rows = new ArrayList<>(view.axes(0, inputs));
    rows.addAll(view.axes(inputs + 1, view.rank()));
    return new KernelMatrix(rows, List.of(), view.axis(inputs));
  }
}
