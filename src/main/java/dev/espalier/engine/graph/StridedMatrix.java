package dev.espalier.engine.graph;

/**
 * A matrix whose weights lie in their tensor at fixed distances.
 *
 * @param groups number of groups, each of as many rows
 * @param groupRows rows per group
 * @param groupStride distance from a group to the next
 * @param rowStride distance from a row to the next of its group
 * @param blocks number of blocks of columns
 * @param blockStride distance from a block to the next
 * @param blockColumns columns per block, which lie side by side
 */
record StridedMatrix(
    int groups,
    int groupRows,
    int groupStride,
    int rowStride,
    int blocks,
    int blockStride,
    int blockColumns)
    implements WeightMatrix {

  @Override
  public int rows() {
    return groups * groupRows;
  }

  @Override
  public int columns() {
    return blocks * blockColumns;
  }

  @Override
  public int group(int row) {
    return row / groupRows;
  }

  @Override
  public int element(int row, int column) {
    return row / groupRows * groupStride
        + row % groupRows * rowStride
        + column / blockColumns * blockStride
        + column % blockColumns;
  }
}
