package dev.espalier.engine.operator;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * An image [c, h, w] as a matrix [c·kh·kw, oh·ow] whose columns are the windows, so that a
 * convolution is a matrix product (Chellapilla et al. 2006).
 */
final class Columns {
  private final Window rows;
  private final Window columns;
  private final Taps rowTaps;
  private final Taps columnTaps;
  private final int channels;
  private final float[] image;
  private final float[] line;

  Columns(Window rows, Window columns, int channels) {
    this.rows = rows;
    this.columns = columns;
    this.rowTaps = new Taps(rows);
    this.columnTaps = new Taps(columns);
    this.channels = channels;
    this.image = new float[channels * rows.input() * columns.input()];
    this.line = new float[rows.output() * columns.output()];
  }

  /** Rows of the matrix. */
  int height() {
    return channels * rows.kernel() * columns.kernel();
  }

  /** Columns of the matrix: the number of windows. */
  int width() {
    return line.length;
  }

  /** Elements of the image. */
  int imageSize() {
    return image.length;
  }

  /** Writes the matrix of the image that starts at element {@code at}. */
  void unfold(FloatBuffer images, int at, FloatBuffer matrix) {
    images.get(at, image);
    for (int row = 0; row < height(); row++) {
      Arrays.fill(line, 0f);
      move(row, true);
      matrix.put(row * line.length, line);
    }
  }

  /** Writes the image whose elements are the sums over the places where the matrix holds them. */
  void fold(FloatBuffer matrix, FloatBuffer images, int at) {
    Arrays.fill(image, 0f);
    for (int row = 0; row < height(); row++) {
      matrix.get(row * line.length, line);
      move(row, false);
    }
    images.put(at, image);
  }

  private void move(int row, boolean unfold) {
    int columnTap = row % columns.kernel();
    int rowTap = row / columns.kernel() % rows.kernel();
    int plane = row / columns.kernel() / rows.kernel() * rows.input();
    int from = columnTaps.first(columnTap);
    int n = columnTaps.end(columnTap) - from;
    int stride = columns.stride();
    for (int o = rowTaps.first(rowTap); o < rowTaps.end(rowTap); o++) {
      int source = (plane + rowTaps.input(rowTap, o)) * columns.input();
      int in = source + columnTaps.input(columnTap, from);
      int out = o * columns.output() + from;
      if (!unfold) {
        for (int i = 0; i < n; i++) {
          image[in + i * stride] += line[out + i];
        }
      } else if (stride == 1) {
        System.arraycopy(image, in, line, out, n);
      } else {
        for (int i = 0; i < n; i++) {
          line[out + i] = image[in + i * stride];
        }
      }
    }
  }
}
