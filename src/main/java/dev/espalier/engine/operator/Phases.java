package dev.espalier.engine.operator;

import java.util.Arrays;

/**
 * Some padded planes of the same size, split by strides: elements that windows step over by the
 * stride become neighbours. Every tap of all windows then reads one run of neighbours, long enough
 * to be vectorised: rows are as wide as the planes' parts, and what a run holds between the windows
 * of two rows or planes is ignored.
 */
final class Phases {
  private final Window rows;
  private final Window columns;
  private final int planes;
  private final int height;
  private final int width;
  private final int lastRow;
  private final int lastColumn;

  /**
   * Per row of a plane and phase of its columns, where its first element lies in the first plane.
   */
  private final int[] lines;

  Phases(Window rows, Window columns, int planes) {
    this.rows = rows;
    this.columns = columns;
    this.planes = planes;
    this.height = part(rows);
    this.width = part(columns);
    this.lastRow = Math.min(rows.input(), height * rows.stride() - rows.before());
    this.lastColumn = Math.min(columns.input(), width * columns.stride() - columns.before());
    int stride = columns.stride();
    this.lines = new int[Math.max(0, lastRow) * stride];
    Arrays.setAll(lines, i -> at(i / stride + rows.before(), i % stride + columns.before()));
  }

  /** Elements along an axis of a plane's part. */
  private static int part(Window window) {
    return window.output() + (window.extent() - 1) / window.stride();
  }

  /** Elements of a plane's part. */
  static int part(Window rows, Window columns) {
    return part(rows) * part(columns);
  }

  /** Elements of the split planes. */
  int size() {
    return rows.stride() * columns.stride() * planes * height * width;
  }

  /** Where the windows of a row of a plane start in a run. */
  int position(int plane, int row) {
    return (plane * height + row) * width;
  }

  /** Elements of a run: one per window, with gaps. */
  int run() {
    return position(planes - 1, rows.output() - 1) + columns.output();
  }

  /** Where the run of a tap starts. */
  int start(int rowTap, int columnTap) {
    return at(rowTap * rows.dilation(), columnTap * columns.dilation());
  }

  /** Where an element of the first padded plane lies. */
  private int at(int row, int column) {
    int phase = row % rows.stride() * columns.stride() + column % columns.stride();
    int line = phase * planes * height + row / rows.stride();
    return line * width + column / columns.stride();
  }

  /** Splits the plane of that number; the padding is not written. */
  void split(int number, float[] plane, float[] phases) {
    move(number, plane, phases, true);
  }

  /** Puts the plane of that number together again; what no window reads is not written. */
  void join(int number, float[] phases, float[] plane) {
    move(number, plane, phases, false);
  }

  private void move(int number, float[] plane, float[] phases, boolean split) {
    int stride = columns.stride();
    for (int row = 0; row < lastRow; row++) {
      for (int first = 0; first < Math.min(stride, lastColumn); first++) {
        int line = lines[row * stride + first] + number * height * width;
        int source = row * columns.input() + first;
        if (stride == 1 && split) {
          System.arraycopy(plane, source, phases, line, lastColumn);
        } else if (stride == 1) {
          System.arraycopy(phases, line, plane, source, lastColumn);
        } else if (split) {
          for (int at = source; at < row * columns.input() + lastColumn; at += stride) {
            phases[line++] = plane[at];
          }
        } else {
          for (int at = source; at < row * columns.input() + lastColumn; at += stride) {
            plane[at] = phases[line++];
          }
        }
      }
    }
  }
}
