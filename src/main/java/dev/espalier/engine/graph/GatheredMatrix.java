package dev.espalier.engine.graph;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;

/** A matrix whose weights lie in their tensor anywhere. */
final class GatheredMatrix implements WeightMatrix {
  private final int columns;
  private final int groups;
  private final int[] groupOfRow;
  private final int[] elements;

  private GatheredMatrix(int columns, int groups, int[] groupOfRow, int... elements) {
    this.columns = columns;
    this.groups = groups;
    this.groupOfRow = groupOfRow;
    this.elements = elements;
  }

  /**
   * The rows of an operand that a tensor has part in.
   *
   * @param operand the operand's matrix
   * @param sources for each element of the operand its position in the tensor, or a negative number
   *     where it is of another one
   * @param size elements of the tensor
   * @return empty unless every element of the tensor stands in the operand once, in rows that have
   *     no others
   */
  static Optional<WeightMatrix> of(WeightMatrix operand, int[] sources, int size) {
    int columns = operand.columns();
    int[] groups = new int[operand.rows()];
    int[] elements = new int[size];
    BitSet seen = new BitSet(size);
    int rows = 0;
    for (int row = 0; row < operand.rows(); row++) {
      if (sources[operand.element(row, 0)] < 0) {
        continue;
      }
      for (int column = 0; column < columns; column++) {
        int element = sources[operand.element(row, column)];
        if (element < 0 || element >= size || seen.get(element)) {
          return Optional.empty();
        }
        seen.set(element);
        elements[rows * columns + column] = element;
      }
      groups[rows++] = operand.group(row);
    }
    return rows * columns == size
        ? Optional.of(
            new GatheredMatrix(columns, operand.groups(), Arrays.copyOf(groups, rows), elements))
        : Optional.empty();
  }

  @Override
  public int rows() {
    return groupOfRow.length;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public int groups() {
    return groups;
  }

  @Override
  public int group(int row) {
    return groupOfRow[row];
  }

  @Override
  public int element(int row, int column) {
    return elements[row * columns + column];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GatheredMatrix that
        && columns == that.columns
        && groups == that.groups
        && Arrays.equals(groupOfRow, that.groupOfRow)
        && Arrays.equals(elements, that.elements);
  }

  @Override
  public int hashCode() {
    return Objects.hash(columns, groups, Arrays.hashCode(elements));
  }
}
