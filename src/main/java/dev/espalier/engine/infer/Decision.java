package dev.espalier.engine.infer;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.ValueInfo;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Set;

/**
 * How a classifier's output becomes a class. Several columns: the largest, the first of equals. One
 * column: class 1 above the threshold, which is 0.5 when the output is a probability, that is when
 * a Sigmoid makes it, and 0 when it is a logit.
 *
 * @param threshold of a single column
 */
record Decision(float threshold) {
  private static final float PROBABILITY = 0.5f;
  private static final Set<String> SHAPE_ONLY =
      Set.of("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast", "Dropout");

  /**
   * The decision for a model.
   *
   * @throws Refusal {@code data-mismatch} when it does not have exactly one float output
   */
  static Decision of(Graph graph) {
    if (graph.outputs().size() != 1 || graph.outputs().get(0).type() != DataType.FLOAT) {
      throw new Refusal(
          ReasonCode.DATA_MISMATCH,
          "the model has outputs %s; a classifier here has one float output"
              .formatted(graph.outputs().stream().map(ValueInfo::name).toList()));
    }
    String value = graph.outputs().get(0).name();
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      if (node.outputs().contains(value)) {
        if (!SHAPE_ONLY.contains(node.operator())) {
          return new Decision(node.operator().equals("Sigmoid") ? PROBABILITY : 0f);
        }
        value = node.inputs().get(0);
      }
    }
    return new Decision(0f);
  }

  /**
   * Columns of an output of {@code shape} for {@code rows} samples.
   *
   * @throws Refusal {@code data-mismatch} unless it is [rows] or [rows, columns, 1…]
   */
  static int columns(int rows, long... shape) {
    long columns = shape.length > 1 ? shape[1] : 1;
    boolean rest = Arrays.stream(shape).skip(2).allMatch(d -> d == 1);
    if (shape.length == 0 || shape[0] != rows || columns < 1 || !rest) {
      throw new Refusal(
          ReasonCode.DATA_MISMATCH,
          "the model's output for %d samples has shape %s; a classifier gives [samples, classes]"
              .formatted(rows, Arrays.toString(shape)));
    }
    return Math.toIntExact(columns);
  }

  /** Number of classes that {@code columns} columns tell apart. */
  static int classes(int columns) {
    return Math.max(2, columns);
  }

  /** Class of one row, or {@link Predictions#NONE} when a value is not a number. */
  int decide(FloatBuffer output, int row, int columns) {
    int best = 0;
    for (int c = 0; c < columns; c++) {
      float value = output.get(row * columns + c);
      if (Float.isNaN(value)) {
        return Predictions.NONE;
      }
      if (value > output.get(row * columns + best)) {
        best = c;
      }
    }
    return columns > 1 ? best : output.get(row) > threshold ? 1 : 0;
  }
}
