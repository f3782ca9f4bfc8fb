package dev.espalier.engine.calibration;

import dev.espalier.engine.graph.Attribute;
import java.util.List;
import java.util.Map;

/**
 * The rows of a value, or its columns, each one input vector of a product of matrices.
 *
 * @param operand the other factor
 * @param layout where its vectors lie
 * @param columns length of a vector
 */
record RowInputs(Operand operand, Layout layout, int columns) implements Inputs {
  /** Where the vectors lie in the factor. */
  enum Layout {
    /** Along the last axis. */
    ROWS,
    /** Along the first axis of a matrix. */
    MATRIX_COLUMNS,
    /** Along the last axis but one. */
    STACKED_COLUMNS
  }

  @Override
  public Observed observe(Additions graph, boolean squares) {
    String factor = operand.asFloats(graph);
    String rows =
        switch (layout) {
          case ROWS -> factor;
          case MATRIX_COLUMNS -> graph.transpose(factor, 1, 0);
          case STACKED_COLUMNS ->
              graph.add(
                  "Einsum",
                  Map.of("equation", new Attribute.Text("...kn->...nk")),
                  List.of(factor));
        };
    return new Observed(graph.reshape(rows, 1, -1, columns), 2);
  }
}
