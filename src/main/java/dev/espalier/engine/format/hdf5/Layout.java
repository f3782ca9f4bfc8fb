package dev.espalier.engine.format.hdf5;

import static dev.espalier.contract.ReasonCode.EXTERNAL_DATA;

import dev.espalier.contract.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Where a dataset's elements lie. */
sealed interface Layout {
  /** Within the header. */
  record Compact(ByteBuffer data) implements Layout {}

  /**
   * In one piece.
   *
   * @param address of the first byte, undefined where nothing was ever written
   * @param size in bytes
   */
  record Contiguous(long address, long size) implements Layout {}

  /**
   * In equal pieces, found by a B-tree.
   *
   * @param index address of the tree's root
   * @param chunk shape of a piece, in elements
   */
  record Chunked(long index, List<Long> chunk) implements Layout {}

  /** The virtual class, whose elements lie in other files. */
  int VIRTUAL = 3;

  /**
   * Reads a layout message.
   *
   * @param space shape of the dataset
   */
  static Layout parse(ByteBuffer bytes, Dataspace space, Datatype type) {
    int version = bytes.get();
    return switch (version) {
      case 1, 2 -> old(bytes, space, type);
      case 3, 4 -> recent(bytes, version, space);
      default -> throw Malformed.feature("data layout version " + version);
    };
  }

  private static Layout recent(ByteBuffer bytes, int version, Dataspace space) {
    int kind = bytes.get();
    return switch (kind) {
      case 0 -> compact(bytes, bytes.getShort() & 0xFFFF);
      case 1 -> new Contiguous(bytes.getLong(), bytes.getLong());
      case 2 -> {
        if (version == 4) {
          throw Malformed.feature("chunk indexes of libver='latest'");
        }
        int dimensions = bytes.get() & 0xFF;
        long index = bytes.getLong();
        yield chunked(bytes, index, dimensions, space);
      }
      case VIRTUAL ->
          throw new Refusal(
              EXTERNAL_DATA,
              "the HDF5 file holds a virtual dataset, whose elements lie in other files: save the"
                  + " model in one file");
      default -> throw Malformed.because("a data layout is of unknown class " + kind);
    };
  }

  private static Layout old(ByteBuffer bytes, Dataspace space, Datatype type) {
    int dimensions = bytes.get() & 0xFF;
    int kind = bytes.get();
    bytes.position(bytes.position() + 5);
    if (kind == 2) {
      long index = bytes.getLong();
      return chunked(bytes, index, dimensions, space);
    }
    if (kind == 1) {
      return new Contiguous(bytes.getLong(), space.bytes(type));
    }
    bytes.position(bytes.position() + dimensions * Integer.BYTES);
    return compact(bytes, bytes.getInt());
  }

  private static Layout compact(ByteBuffer bytes, int size) {
    Malformed.require(size >= 0 && size <= bytes.remaining(), "compact data are cut off");
    return new Compact(bytes.slice(bytes.position(), size));
  }

  private static Layout chunked(ByteBuffer bytes, long index, int dimensions, Dataspace space) {
    int rank = space.dimensions().size();
    Malformed.require(dimensions == rank + 1, "chunks have another rank than their dataset");
    List<Long> chunk = new ArrayList<>(rank);
    for (int axis = 0; axis < rank; axis++) {
      chunk.add(Integer.toUnsignedLong(bytes.getInt()));
    }
    Malformed.require(chunk.stream().allMatch(size -> size > 0), "chunks are empty");
    return new Chunked(index, List.copyOf(chunk));
  }
}
