package dev.espalier.engine.format.hdf5;

import static dev.espalier.contract.ReasonCode.EXTERNAL_DATA;
import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens HDF5 files: superblock, groups, and the headers of datasets; no elements yet. */
public final class Hdf5File {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
  private static final int SUPERBLOCK = 96;
  private static final int FIRST_USER_BLOCK = 512;
  private static final int DEEPEST_GROUP = 64;

  private final Space space;
  private final GlobalHeap heap;
  private final FormatLimits limits;
  private int datasets;

  private Hdf5File(Space space, FormatLimits limits) {
    this.space = space;
    this.heap = new GlobalHeap(space);
    this.limits = limits;
  }

  /**
   * Opens a file.
   *
   * @param source which must stay readable while datasets are read
   * @return the root group
   * @throws IOException when the source cannot be read
   * @throws Refusal when it is malformed or hostile, uses what is not read, or more than the limits
   */
  public static Hdf5Group open(ByteSource source, FormatLimits limits) throws IOException {
    return guarded(
        () -> {
          long base = userBlock(source);
          Space space = new Space(source, base, limits);
          return new Hdf5File(space, limits).root();
        });
  }

  /** Work on a file's structures. */
  interface Reading<T> {
    /** Does it. */
    T read() throws IOException;
  }

  /** Turns what damaged structures make buffers throw into a refusal. */
  static <T> T guarded(Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (BufferUnderflowException
        | BufferOverflowException
        | IndexOutOfBoundsException
        | IllegalArgumentException
        | ArithmeticException e) {
      throw Malformed.because("a structure is cut off or impossible (" + e + ")");
    }
  }

  /**
   * Bytes before the superblock: 0, or a user block of 512 bytes or a power of two more.
   *
   * @throws Refusal when there is no superblock
   */
  public static long userBlock(ByteSource source) throws IOException {
    for (long at = 0; at <= source.size() - SIGNATURE.length; at = next(at)) {
      ByteBuffer found = ByteBuffer.allocate(SIGNATURE.length);
      source.read(at, found);
      if (java.util.Arrays.equals(found.array(), SIGNATURE)) {
        return at;
      }
    }
    throw Malformed.because("it has no superblock");
  }

  private static long next(long at) {
    return at == 0 ? FIRST_USER_BLOCK : at * 2;
  }

  private Hdf5Group root() throws IOException {
    long length = Math.min(SUPERBLOCK, space.size());
    ByteBuffer block = space.read(0, length, "the superblock").position(SIGNATURE.length);
    int version = block.get();
    long end;
    long rootHeader;
    if (version <= 1) {
      block.position(SIGNATURE.length + 5);
      requireSizes(block.get(), block.get());
      block.position(SIGNATURE.length + 16 + (version == 1 ? 4 : 0));
      requireBase(block.getLong());
      block.getLong();
      end = block.getLong();
      block.getLong();
      block.getLong();
      rootHeader = block.getLong();
    } else {
      Malformed.require(version <= 3, "its superblock has an unknown version");
      requireSizes(block.get(), block.get());
      block.get();
      requireBase(block.getLong());
      block.getLong();
      end = block.getLong();
      rootHeader = block.getLong();
    }
    Malformed.require(
        end <= space.size() + space.base(), "it is truncated: it should have " + end + " bytes");
    return group(ObjectHeader.read(space, rootHeader), "", DEEPEST_GROUP);
  }

  private static void requireSizes(int offsets, int lengths) {
    if (offsets != Long.BYTES || lengths != Long.BYTES) {
      throw Malformed.feature("addresses of " + offsets + " bytes");
    }
  }

  private void requireBase(long base) {
    Malformed.require(base == space.base() || base == 0, "its base address is wrong");
  }

  private Hdf5Group group(ObjectHeader header, String path, int depth) throws IOException {
    Malformed.require(depth > 0, "groups are nested too deep");
    Links links = Links.of(space, header);
    Map<String, Hdf5Object> children = new LinkedHashMap<>();
    for (Links.Link link : links.links()) {
      Hdf5Object child = object(link.address(), path + "/" + link.name(), depth - 1);
      Malformed.require(
          !link.name().isEmpty() && children.put(link.name(), child) == null,
          "the group '" + path + "' holds '" + link.name() + "' twice");
    }
    return new Hdf5Group(attributes(header), children, links.ordered());
  }

  private Hdf5Object object(long address, String path, int depth) throws IOException {
    ObjectHeader header = ObjectHeader.read(space, address);
    Optional<ByteBuffer> layout = header.find(ObjectHeader.LAYOUT);
    if (layout.isEmpty()) {
      if (header.find(ObjectHeader.DATATYPE).isPresent()) {
        throw Malformed.feature("the committed type '" + path + "'");
      }
      return group(header, path, depth);
    }
    if (header.find(ObjectHeader.EXTERNAL_FILES).isPresent()) {
      throw new Refusal(
          EXTERNAL_DATA,
          "the elements of '%s' lie in another file: save the model in one file".formatted(path));
    }
    if (++datasets > limits.tensors()) {
      throw new Refusal(
          GRAPH_TOO_LARGE, "the HDF5 file has more than %,d datasets".formatted(limits.tensors()));
    }
    Datatype type = new Datatype(required(header, ObjectHeader.DATATYPE, path));
    type.requireKnown();
    if (type.isVariableString()) {
      throw Malformed.feature("the dataset '" + path + "' of text");
    }
    Dataspace shape = Dataspace.parse(required(header, ObjectHeader.DATASPACE, path));
    Malformed.require(
        shape.dimensions().size() <= limits.rank(), "'" + path + "' has too many dimensions");
    Optional<ByteBuffer> pipeline = header.find(ObjectHeader.FILTERS);
    List<Filter> filters = pipeline.isPresent() ? Filter.parse(pipeline.get()) : List.of();
    return new Hdf5Dataset(
        space,
        attributes(header),
        new Hdf5Dataset.Header(
            type,
            shape,
            Layout.parse(layout.get(), shape, type),
            filters,
            header.find(ObjectHeader.FILL_VALUE),
            header.find(ObjectHeader.FILTERS)),
        limits);
  }

  private static ByteBuffer required(ObjectHeader header, int message, String path) {
    return header
        .find(message)
        .orElseThrow(() -> Malformed.because("'" + path + "' has no message " + message));
  }

  private Map<String, Hdf5Attribute> attributes(ObjectHeader header) throws IOException {
    Map<String, Hdf5Attribute> attributes = new LinkedHashMap<>();
    for (Hdf5Attribute attribute : AttributeMessage.of(space, heap, header)) {
      Malformed.require(
          attributes.put(attribute.name(), attribute) == null,
          "attribute '" + attribute.name() + "' is there twice");
    }
    return attributes;
  }
}
