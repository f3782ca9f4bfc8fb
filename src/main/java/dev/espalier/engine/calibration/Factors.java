package dev.espalier.engine.calibration;

import dev.espalier.engine.calibration.RowInputs.Layout;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.WeightMatrix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an operator multiplies its weights with, and which of them make one output (ONNX operator
 * specification).
 */
final class Factors {
  /** Largest window that is unrolled: the filters that do it have its square of elements. */
  private static final int LARGEST_WINDOW = 4_096;

  /** First operator set with {@code Einsum}. */
  private static final int EINSUM = 12;

  private static final int SEQUENCE_LENGTHS = 4;

  private final int opset;
  private final Map<String, Node> writers = new HashMap<>();

  Factors(Graph graph) {
    opset = graph.opset();
    graph.nodes().forEach(node -> node.outputs().forEach(output -> writers.put(output, node)));
  }

  /**
   * The use of weights of {@code shape} as input {@code slot} of {@code node}.
   *
   * @throws Uncalibrated when the operator is none of those known
   */
  Use use(Node node, int slot, long... shape) {
    boolean fits =
        switch (node.operator()) {
          case "Conv", "ConvTranspose" -> slot == 1 && shape.length > 2;
          case "ConvInteger" -> slot == 1 && shape.length > 2;
          case "QLinearConv" -> slot == 3 && shape.length > 2;
          case "Gemm" -> slot < 2 && shape.length == 2;
          case "MatMul", "MatMulInteger" -> slot < 2 && isMatrix(shape);
          case "QLinearMatMul" -> (slot == 0 || slot == 3) && isMatrix(shape);
          case "LSTM", "GRU", "RNN" -> (slot == 1 || slot == 2) && shape.length == 3;
          default -> false;
        };
    if (!fits) {
      throw new Uncalibrated(
          node,
          "the inputs of weights %s at place %d are not known"
              .formatted(Arrays.toString(shape), slot + 1));
    }
    return switch (node.operator()) {
      case "Conv" -> windows(node, read(node, 0), shape);
      case "ConvTranspose" -> windows(node, read(node, 0), shape);
      case "ConvInteger" -> windows(node, beforeQuantization(node, 0), shape);
      case "QLinearConv" -> windows(node, quantized(node, 0), shape);
      case "Gemm" -> gemm(node, slot, shape);
      case "MatMul" -> product(node, slot, read(node, 1 - slot), shape);
      case "MatMulInteger" -> product(node, slot, beforeQuantization(node, 1 - slot), shape);
      case "QLinearMatMul" ->
          product(node, slot == 0 ? 0 : 1, quantized(node, slot == 0 ? 3 : 0), shape);
      default -> recurrent(node, slot, shape);
    };
  }

  private static boolean isMatrix(long... shape) {
    return shape.length > 1
        && Arrays.stream(shape).limit(shape.length - 2L).allMatch(size -> size == 1);
  }

  private static Operand read(Node node, int slot) {
    return Operand.real(
        node.input(slot).orElseThrow(() -> new Uncalibrated(node, "misses an input")));
  }

  private static Operand quantized(Node node, int slot) {
    String scale = read(node, slot + 1).value();
    return new Operand(read(node, slot).value(), scale, node.input(slot + 2).orElse(null));
  }

  /** The real numbers that integers come from, whose scale differs from batch to batch. */
  private Operand beforeQuantization(Node node, int slot) {
    Node writer = writers.get(read(node, slot).value());
    if (writer == null || !writer.operator().equals("DynamicQuantizeLinear")) {
      throw new Uncalibrated(node, "reads integers of unknown scale");
    }
    return read(writer, 0);
  }

  private static Use windows(Node node, Operand operand, long... shape) {
    boolean transposed = node.operator().equals("ConvTranspose");
    int groups = length(node, node.integer("group", 1));
    List<Long> window = Arrays.stream(shape).skip(2).boxed().toList();
    int places = length(node, Tensor.elements(Arrays.copyOfRange(shape, 2, shape.length)));
    int first = length(node, shape[0]);
    int second = length(node, shape[1]);
    if (first % groups != 0 || places > LARGEST_WINDOW) {
      throw new Uncalibrated(
          node, "its weights %s are not unrolled".formatted(Arrays.toString(shape)));
    }
    WeightMatrix matrix =
        transposed
            ? WeightMatrix.transposed(groups, first / groups, second, places)
            : WeightMatrix.rowMajor(groups, first / groups, second * places);
    int channels = transposed ? first : Math.multiplyExact(second, groups);
    return new Use(matrix, new WindowInputs(node, operand, channels, groups, window));
  }

  private static Use gemm(Node node, int slot, long... shape) {
    boolean inputsFirst = (node.integer(slot == 0 ? "transA" : "transB", 0) == 0) == (slot == 1);
    boolean rows = (node.integer(slot == 0 ? "transB" : "transA", 0) == 0) == (slot == 1);
    int inputs = length(node, shape[inputsFirst ? 0 : 1]);
    Layout layout = rows ? Layout.ROWS : Layout.MATRIX_COLUMNS;
    return new Use(
        matrix(node, inputsFirst, shape), new RowInputs(read(node, 1 - slot), layout, inputs));
  }

  private Use product(Node node, int factor, Operand other, long... shape) {
    boolean inputsFirst = factor == 1;
    if (!inputsFirst && opset < EINSUM) {
      throw new Uncalibrated(node, "has its weights on the left; export with opset 12 or newer");
    }
    int inputs = length(node, shape[shape.length - (inputsFirst ? 2 : 1)]);
    Layout layout = inputsFirst ? Layout.ROWS : Layout.STACKED_COLUMNS;
    return new Use(matrix(node, inputsFirst, shape), new RowInputs(other, layout, inputs));
  }

  private static WeightMatrix matrix(Node node, boolean inputsFirst, long... shape) {
    int outer = length(node, shape[shape.length - 2]);
    int inner = length(node, shape[shape.length - 1]);
    return inputsFirst
        ? WeightMatrix.columnMajor(outer, inner)
        : WeightMatrix.rowMajor(1, outer, inner);
  }

  private static Use recurrent(Node node, int slot, long... shape) {
    if (node.input(SEQUENCE_LENGTHS).isPresent() || node.integer("layout", 0) != 0) {
      throw new Uncalibrated(node, "its sequences have lengths of their own, or come batch first");
    }
    int directions = length(node, shape[0]);
    int rows = length(node, shape[1]);
    int columns = length(node, shape[2]);
    if (slot == 1) {
      return new Use(
          WeightMatrix.rowMajor(1, Math.multiplyExact(directions, rows), columns),
          new RowInputs(read(node, 0), Layout.ROWS, columns));
    }
    if (node.operator().equals("GRU") && node.integer("linear_before_reset", 0) == 0) {
      throw new Uncalibrated(node, "multiplies its states with gates before its weights");
    }
    return new Use(
        WeightMatrix.rowMajor(directions, rows, columns),
        new StateInputs(node, directions, columns));
  }

  private static int length(Node node, long size) {
    if (size < 1 || size > Integer.MAX_VALUE) {
      throw new Uncalibrated(node, "has weights of size " + size);
    }
    return (int) size;
  }
}
