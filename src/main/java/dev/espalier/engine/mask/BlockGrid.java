package dev.espalier.engine.mask;

import dev.espalier.contract.Granularity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The blocks that cover the matrix of a kernel, numbered row by row. Where the block does not
 * divide the matrix, blocks at its last rows and columns have fewer members.
 */
final class BlockGrid {
  private final Granularity.Block block;
  private final int rows;
  private final int columns;
  private final int perRow;
  private final int[] firstOfRow;
  private final int[] withinRow;
  private final Axis[] axes;

  /** An extent in the order of the stored tensor, and what a step along it means. */
  private record Axis(int size, int stride, int rowStep, int columnStep) {}

  /** The blocks of a matrix. */
  BlockGrid(KernelMatrix matrix, Granularity.Block block) {
    this.block = block;
    this.rows = Extent.size(matrix.rows());
    this.columns = Extent.size(matrix.columns());
    this.perRow = ceilDiv(columns, block.columns());
    this.firstOfRow = new int[rows];
    for (int row = 0; row < rows; row++) {
      firstOfRow[row] = row / block.rows() * perRow;
    }
    this.withinRow = new int[columns];
    for (int column = 0; column < columns; column++) {
      withinRow[column] = column / block.columns();
    }
    this.axes = axes(matrix);
  }

  private static Axis[] axes(KernelMatrix matrix) {
    List<Axis> axes = new ArrayList<>();
    int step = 1;
    for (Extent extent : reversed(matrix.rows())) {
      axes.add(new Axis(extent.size(), extent.stride(), step, 0));
      step *= extent.size();
    }
    step = 1;
    for (Extent extent : reversed(matrix.columns())) {
      axes.add(new Axis(extent.size(), extent.stride(), 0, step));
      step *= extent.size();
    }
    axes.sort(Comparator.comparingInt(Axis::stride));
    return axes.isEmpty() ? new Axis[] {new Axis(1, 1, 0, 0)} : axes.toArray(Axis[]::new);
  }

  private static List<Extent> reversed(List<Extent> extents) {
    List<Extent> reversed = new ArrayList<>();
    extents.forEach(extent -> reversed.add(0, extent));
    return reversed;
  }

  private static int ceilDiv(int a, int b) {
    return (a - 1) / b + 1;
  }

  /** Number of blocks. */
  int size() {
    return ceilDiv(rows, block.rows()) * perRow;
  }

  /** Number of weights in the largest block. */
  int largest() {
    return Math.min(block.rows(), rows) * Math.min(block.columns(), columns);
  }

  /** Number of weights in a block. */
  int members(int number) {
    int row = number / perRow * block.rows();
    int column = number % perRow * block.columns();
    return Math.min(block.rows(), rows - row) * Math.min(block.columns(), columns - column);
  }

  /**
   * Writes the blocks of {@code count} weights of the stored tensor from position {@code from} to
   * the start of {@code into}.
   */
  void blocks(int from, int count, int[] into) {
    Axis inner = axes[0];
    int at = 0;
    while (at < count) {
      int position = from + at;
      int row = 0;
      int column = 0;
      for (Axis axis : axes) {
        int place = position / axis.stride() % axis.size();
        row += place * axis.rowStep();
        column += place * axis.columnStep();
      }
      int run = Math.min(inner.size() - position % inner.size(), count - at);
      for (int i = 0; i < run; i++) {
        into[at++] = firstOfRow[row] + withinRow[column];
        row += inner.rowStep();
        column += inner.columnStep();
      }
    }
  }
}
