package dev.espalier.engine.graph;

import java.util.Optional;

/**
 * A kernel as the matrix that its operator multiplies its inputs with: a row has the weights of one
 * output, a column those of one input, such as one element of a convolution's window. Where outputs
 * see different inputs, as those of a grouped convolution do, they form groups, and the columns of
 * a row are the inputs of its group.
 */
public sealed interface WeightMatrix permits StridedMatrix, GatheredMatrix {

  /** Number of rows, those of all groups. */
  int rows();

  /** Number of columns. */
  int columns();

  /** Number of groups. */
  int groups();

  /** Group of a row. */
  int group(int row);

  /** Position of a weight in its tensor. */
  int element(int row, int column);

  /**
   * Outputs outermost: [groups · groupRows, columns] in row-major order, as the filters of a
   * convolution and the weights of recurrent layers are stored.
   */
  static WeightMatrix rowMajor(int groups, int groupRows, int columns) {
    return new StridedMatrix(groups, groupRows, groupRows * columns, columns, 1, 0, columns);
  }

  /** Inputs outermost: [columns, rows] in row-major order, as products of matrices store it. */
  static WeightMatrix columnMajor(int columns, int rows) {
    return new StridedMatrix(1, rows, 0, 1, columns, rows, 1);
  }

  /**
   * The filters of a transposed convolution: [groups · channels, groupRows, places] in row-major
   * order. Columns run over the input channels of a group and, for each, the window's places.
   */
  static WeightMatrix transposed(int groups, int channels, int groupRows, int places) {
    int perChannel = groupRows * places;
    return new StridedMatrix(
        groups, groupRows, channels * perChannel, places, channels, perChannel, places);
  }

  /**
   * The rows of this matrix, an operand's, that a tensor has part in.
   *
   * @param sources for each element of the operand its position in the tensor, or a negative number
   *     where it is of another one
   * @param size elements of the tensor
   * @return empty unless every element of the tensor stands in the operand once, in rows that have
   *     no others
   */
  default Optional<WeightMatrix> gathered(int[] sources, int size) {
    return GatheredMatrix.of(this, sources, size);
  }
}
