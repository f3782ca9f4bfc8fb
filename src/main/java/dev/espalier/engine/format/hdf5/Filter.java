package dev.espalier.engine.format.hdf5;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A step of a dataset's filter pipeline.
 *
 * @param id as registered with The HDF Group
 * @param parameters its client data
 */
record Filter(int id, List<Integer> parameters) {
  static final int DEFLATE = 1;
  static final int SHUFFLE = 2;
  static final int FLETCHER32 = 3;

  private static final int FIRST_NAMED = 256;
  private static final int MOST = 32;

  /** The filters of a pipeline message, in the order in which writing applies them. */
  static List<Filter> parse(ByteBuffer bytes) {
    int version = bytes.get();
    int count = bytes.get() & 0xFF;
    Malformed.require(version == 1 || version == 2, "a filter pipeline has an unknown version");
    Malformed.require(count <= MOST, "a filter pipeline has " + count + " steps");
    if (version == 1) {
      bytes.position(bytes.position() + 6);
    }
    List<Filter> filters = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int id = bytes.getShort() & 0xFFFF;
      int nameLength = version == 1 || id >= FIRST_NAMED ? bytes.getShort() & 0xFFFF : 0;
      bytes.getShort();
      int values = bytes.getShort() & 0xFFFF;
      bytes.position(bytes.position() + (version == 1 ? Encoded.padded(nameLength) : nameLength));
      List<Integer> parameters = new ArrayList<>();
      for (int v = 0; v < values; v++) {
        parameters.add(bytes.getInt());
      }
      if (version == 1 && values % 2 == 1) {
        bytes.getInt();
      }
      if (id != DEFLATE && id != SHUFFLE && id != FLETCHER32) {
        throw Malformed.feature("compression filter " + id + " (read are gzip and shuffle)");
      }
      filters.add(new Filter(id, List.copyOf(parameters)));
    }
    return List.copyOf(filters);
  }
}
