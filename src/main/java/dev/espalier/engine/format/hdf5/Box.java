package dev.espalier.engine.format.hdf5;

import java.util.List;

/** A chunk as part of its dataset. */
final class Box {
  private final List<Long> dataset;
  private final List<Long> chunk;
  private final long[] offset;

  /**
   * A chunk.
   *
   * @param dataset shape of the dataset
   * @param chunk its shape
   * @param offset of its first element
   */
  Box(List<Long> dataset, List<Long> chunk, long... offset) {
    this.dataset = dataset;
    this.chunk = chunk;
    this.offset = offset.clone();
  }

  /** A run of elements that lie together in both; positions and length in elements. */
  interface Row {
    /** Takes it. */
    void at(long inDataset, long inChunk, long length);
  }

  /** Visits all rows of the part of the chunk that lies in the dataset; returns their elements. */
  long rows(Row visitor) {
    int rank = chunk.size();
    long[] extent = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      Malformed.require(
          offset[axis] >= 0 && offset[axis] < dataset.get(axis),
          "a chunk lies outside its dataset");
      extent[axis] = Math.min(chunk.get(axis), dataset.get(axis) - offset[axis]);
    }
    long[] index = new long[rank];
    long length = extent[rank - 1];
    long visited = 0;
    while (true) {
      long inChunk = 0;
      long inDataset = 0;
      for (int axis = 0; axis < rank; axis++) {
        inChunk = inChunk * chunk.get(axis) + index[axis];
        inDataset = inDataset * dataset.get(axis) + offset[axis] + index[axis];
      }
      visitor.at(inDataset, inChunk, length);
      visited += length;
      int axis = rank - 2;
      while (axis >= 0 && ++index[axis] == extent[axis]) {
        index[axis--] = 0;
      }
      if (axis < 0) {
        return visited;
      }
    }
  }
}
