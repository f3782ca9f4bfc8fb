package dev.espalier.engine.infer;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;

/** A batch's targets, row by row. */
final class TargetRows {
  private final Tensor targets;
  private final float[] row;

  TargetRows(Tensor targets) {
    this.targets = targets;
    this.row = new float[targets.rank() == 1 ? 1 : (int) targets.dimension(1)];
  }

  /** The values of a sample, lent until the next call; a class index as it is. */
  float[] row(int i) {
    if (targets.type() == DataType.INT64) {
      row[0] = targets.longs().get(i);
    } else {
      targets.floats().get(i * row.length, row);
    }
    return row;
  }
}
