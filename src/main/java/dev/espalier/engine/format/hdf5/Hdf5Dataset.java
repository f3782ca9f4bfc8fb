package dev.espalier.engine.format.hdf5;

import static dev.espalier.contract.ReasonCode.ARCHIVE_BOMB;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A dataset; its elements stay in the file until they are read. */
public final class Hdf5Dataset implements Hdf5Object {
  private final Space space;
  private final Map<String, Hdf5Attribute> attributes;
  private final Header header;
  private final FormatLimits limits;

  /**
   * What the header says.
   *
   * @param fillValue the message about elements never written, as it is
   */
  record Header(
      Datatype type,
      Dataspace shape,
      Layout layout,
      List<Filter> filters,
      Optional<ByteBuffer> fillValue,
      Optional<ByteBuffer> pipeline) {}

  Hdf5Dataset(
      Space space, Map<String, Hdf5Attribute> attributes, Header header, FormatLimits limits) {
    this.space = space;
    this.attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    this.header = header;
    this.limits = limits;
  }

  @Override
  public Map<String, Hdf5Attribute> attributes() {
    return attributes;
  }

  Header header() {
    return header;
  }

  /** The shape, outermost first; empty for a scalar. */
  public List<Long> dimensions() {
    return header.shape().dimensions();
  }

  /** The type of its numbers, empty when they are none that a tensor holds. */
  public Optional<DataType> number() {
    return header.type().number();
  }

  /** The order of the bytes of its numbers in the file. */
  public ByteOrder order() {
    return header.type().order();
  }

  /** Position in the source of the first element, when all lie in one piece. */
  public OptionalLong position() {
    return header.layout() instanceof Layout.Contiguous piece
            && piece.address() != Space.UNDEFINED
            && header.filters().isEmpty()
        ? OptionalLong.of(Math.addExact(space.base(), piece.address()))
        : OptionalLong.empty();
  }

  /**
   * Its numbers.
   *
   * @throws Refusal when they are none that a tensor holds, lie outside the file or are larger than
   *     their stored form can be
   * @throws IOException when the file cannot be read
   */
  public Tensor read() throws IOException {
    return Hdf5File.guarded(this::tensor);
  }

  private Tensor tensor() throws IOException {
    DataType type = number().orElseThrow(() -> Malformed.feature("this type of numbers"));
    long[] shape = dimensions().stream().mapToLong(Long::longValue).toArray();
    requireBelievable();
    Tensor tensor = Tensor.zeros(type, shape);
    encoded(tensor.bytes());
    if (order() == ByteOrder.BIG_ENDIAN) {
      swap(tensor.bytes(), type.bytes());
    }
    return tensor;
  }

  /** Its elements as they are encoded. */
  ByteBuffer encoded() throws IOException {
    return Hdf5File.guarded(
        () -> {
          requireBelievable();
          ByteBuffer bytes = ByteBuffer.allocateDirect((int) size());
          encoded(bytes.duplicate());
          return bytes;
        });
  }

  /**
   * Numbers as this dataset encodes them.
   *
   * @param numbers of the type it has
   */
  public ByteBuffer encode(Tensor numbers) {
    if (number().filter(numbers.type()::equals).isEmpty()) {
      throw new IllegalArgumentException("a dataset of " + number() + " cannot hold " + numbers);
    }
    if (order() == ByteOrder.LITTLE_ENDIAN) {
      return numbers.bytes();
    }
    ByteBuffer swapped = numbers.copy().bytes();
    swap(swapped, numbers.type().bytes());
    return swapped;
  }

  private long size() {
    return header.shape().bytes(header.type());
  }

  /** Turns every element's bytes around. */
  static void swap(ByteBuffer bytes, int width) {
    byte[] element = new byte[width];
    for (int at = 0; at < bytes.capacity(); at += width) {
      bytes.get(at, element);
      for (int b = 0; b < width; b++) {
        bytes.put(at + b, element[width - 1 - b]);
      }
    }
  }

  private void encoded(ByteBuffer target) throws IOException {
    if (header.layout() instanceof Layout.Compact compact) {
      target.put(compact.data().duplicate());
    } else if (header.layout() instanceof Layout.Contiguous piece) {
      if (piece.address() != Space.UNDEFINED) {
        space.data(piece.address(), target, "a dataset");
      }
    } else if (header.layout() instanceof Layout.Chunked chunked) {
      new Chunks(space, header, chunked).read(target);
    }
  }

  /** Checks the declared size before anything of that size is allocated. */
  private void requireBelievable() throws IOException {
    long size = size();
    if (header.layout() instanceof Layout.Compact compact) {
      Malformed.require(size == compact.data().remaining(), "a dataset has another size");
    } else if (header.layout() instanceof Layout.Contiguous piece) {
      if (piece.address() == Space.UNDEFINED) {
        requireDense(size, 0);
      } else {
        Malformed.require(size == piece.size(), "a dataset has another size than its shape");
        space.requireWithin(piece.address(), size, "a dataset");
      }
    } else if (header.layout() instanceof Layout.Chunked chunked) {
      requireDense(size, new Chunks(space, header, chunked).storedBytes(limits));
    }
    Malformed.require(size <= Integer.MAX_VALUE - 64, "a dataset exceeds 2 GiB");
  }

  private void requireDense(long size, long stored) {
    dev.espalier.engine.archive.ArchiveLimits bounds = limits.archive();
    if (size > bounds.ratioFromBytes() && size / bounds.ratio() > stored) {
      throw new Refusal(
          ARCHIVE_BOMB,
          "a dataset of the HDF5 file would inflate from %,d to %,d bytes, at most %d-fold"
              .formatted(stored, size, bounds.ratio()));
    }
  }
}
