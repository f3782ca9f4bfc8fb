package dev.espalier.engine.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * A dense tensor in row-major order in a direct little-endian buffer, so that native kernels and
 * runtimes can use the same memory. The shape never changes; the contents may, by whoever owns it.
 */
public final class Tensor {
  private final DataType type;
  private final long[] shape;
  private final ByteBuffer data;

  private Tensor(DataType type, long[] shape, ByteBuffer data) {
    this.type = type;
    this.shape = shape;
    this.data = data;
  }

  /**
   * A tensor of zeros.
   *
   * @throws IllegalArgumentException when a dimension is negative or the tensor exceeds 2 GiB
   */
  public static Tensor zeros(DataType type, long... shape) {
    long bytes = byteSize(type, shape);
    return new Tensor(
        type, shape.clone(), ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** A float tensor with a copy of {@code values}, whose number must be that of the shape. */
  public static Tensor of(float[] values, long... shape) {
    Tensor tensor = zeros(DataType.FLOAT, shape);
    tensor.floats().put(checked(values.length, tensor, values));
    return tensor;
  }

  /** An int64 tensor with a copy of {@code values}, whose number must be that of the shape. */
  public static Tensor of(long[] values, long... shape) {
    Tensor tensor = zeros(DataType.INT64, shape);
    tensor.longs().put(checked(values.length, tensor, values));
    return tensor;
  }

  /** A tensor over a copy of raw little-endian {@code bytes}, whose number must fit exactly. */
  public static Tensor of(DataType type, ByteBuffer bytes, long... shape) {
    Tensor tensor = zeros(type, shape);
    checked(bytes.remaining() / type.bytes(), tensor, bytes);
    tensor.bytes().put(bytes.duplicate());
    return tensor;
  }

  private static <T> T checked(int elements, Tensor tensor, T values) {
    if (elements != tensor.size()) {
      throw new IllegalArgumentException(
          elements + " values for shape " + Arrays.toString(tensor.shape));
    }
    return values;
  }

  /**
   * Elements of a shape, overflow-safe; 1 for a scalar.
   *
   * @throws IllegalArgumentException when a dimension is negative or the product overflows
   */
  public static long elements(long... shape) {
    long product = 1;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException("negative dimension in " + Arrays.toString(shape));
      }
      try {
        product = Math.multiplyExact(product, dimension);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("shape too large: " + Arrays.toString(shape), e);
      }
    }
    return product;
  }

  private static long byteSize(DataType type, long... shape) {
    long elements = elements(shape);
    if (elements > (Integer.MAX_VALUE - 64) / type.bytes()) {
      throw new IllegalArgumentException("tensor exceeds 2 GiB: " + Arrays.toString(shape));
    }
    return elements * type.bytes();
  }

  /** Element type. */
  public DataType type() {
    return type;
  }

  /** A copy of the dimensions, outermost first; empty for a scalar. */
  public long[] shape() {
    return shape.clone();
  }

  /** Number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** Dimension of an axis; negative axes count from the last. */
  public long dimension(int axis) {
    return shape[axis < 0 ? axis + shape.length : axis];
  }

  /** Number of elements. */
  public int size() {
    return data.capacity() / type.bytes();
  }

  /** All bytes, little-endian; a view with its own position. */
  public ByteBuffer bytes() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN).clear();
  }

  /** All elements of a float tensor; a view with its own position. */
  public FloatBuffer floats() {
    require(DataType.FLOAT);
    return bytes().asFloatBuffer();
  }

  /** All elements of a double tensor; a view with its own position. */
  public DoubleBuffer doubles() {
    require(DataType.DOUBLE);
    return bytes().asDoubleBuffer();
  }

  /** All elements of an int64 tensor; a view with its own position. */
  public LongBuffer longs() {
    require(DataType.INT64);
    return bytes().asLongBuffer();
  }

  /** All elements of an int32 tensor; a view with its own position. */
  public IntBuffer ints() {
    require(DataType.INT32);
    return bytes().asIntBuffer();
  }

  /** A float tensor's elements, copied to the heap. */
  public float[] toFloats() {
    float[] values = new float[size()];
    floats().get(values);
    return values;
  }

  /** An int64 tensor's elements, copied to the heap. */
  public long[] toLongs() {
    long[] values = new long[size()];
    longs().get(values);
    return values;
  }

  /** A deep copy. */
  public Tensor copy() {
    return of(type, bytes(), shape);
  }

  /** The same memory under another shape of as many elements. */
  public Tensor reshaped(long... newShape) {
    if (elements(newShape) != size()) {
      throw new IllegalArgumentException(
          Arrays.toString(shape) + " does not reshape to " + Arrays.toString(newShape));
    }
    return new Tensor(type, newShape.clone(), data);
  }

  /**
   * Part of the same memory as a tensor of its own.
   *
   * @param from first element of the part
   * @throws IndexOutOfBoundsException when the part leaves this tensor
   */
  public Tensor slice(int from, long... partShape) {
    int bytes = (int) byteSize(type, partShape);
    ByteBuffer part = data.slice(from * type.bytes(), bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor(type, partShape.clone(), part);
  }

  private void require(DataType wanted) {
    if (type != wanted) {
      throw new IllegalStateException("tensor is " + type + ", not " + wanted);
    }
  }

  @Override
  public String toString() {
    return type + Arrays.toString(shape);
  }
}
