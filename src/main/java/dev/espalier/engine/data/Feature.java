package dev.espalier.engine.data;

import dev.espalier.contract.JobSpec.Preprocess;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One input of a model for all samples: kept as stored, cast and preprocessed while batching. */
final class Feature {
  private final DataType type;
  private final Elements elements;
  private final long[] sampleShape;
  private final int sampleSize;
  private final Affine affine;

  private Feature(DataType type, Elements elements, Affine affine, long... sampleShape) {
    this.type = type;
    this.elements = elements;
    this.affine = affine;
    this.sampleShape = sampleShape;
    this.sampleSize = Math.toIntExact(Tensor.elements(sampleShape));
  }

  /**
   * The feature for {@code input} held by {@code array}, samples along the first axis.
   *
   * @throws Refusal {@code data-mismatch} when shape or type do not fit the input, {@code
   *     data-malformed} when a value is not finite
   */
  static Feature of(ValueInfo input, Tensor array, @Nullable Preprocess preprocess) {
    long[] sampleShape = InputLayout.sampleShape(input, array);
    boolean real = input.type() == DataType.FLOAT;
    boolean integral = input.type() == DataType.INT64 || input.type() == DataType.INT32;
    if (!real && !integral) {
      throw mismatch(input, "takes " + input.type() + "; only FLOAT, INT32 and INT64 can be fed");
    }
    if (integral && !isIntegral(array.type())) {
      throw mismatch(input, "takes integers, the data are " + array.type());
    }
    Elements elements = Elements.of(array);
    requireFinite(input, array, elements);
    return new Feature(
        input.type(), elements, Affine.of(real ? preprocess : null, sampleShape), sampleShape);
  }

  private static boolean isIntegral(DataType type) {
    return type != DataType.FLOAT && type != DataType.DOUBLE && type != DataType.FLOAT16;
  }

  private static void requireFinite(ValueInfo input, Tensor array, Elements elements) {
    if (isIntegral(array.type())) {
      return;
    }
    for (int i = 0; i < array.size(); i++) {
      if (!Double.isFinite(elements.real(i))) {
        throw new Refusal(
            ReasonCode.DATA_MALFORMED,
            "input '" + input.name() + "' has " + elements.real(i) + " at element " + i);
      }
    }
  }

  /** The samples at {@code indices} as a tensor of shape [indices, sample shape…]. */
  Tensor gather(int... indices) {
    long[] shape = new long[sampleShape.length + 1];
    shape[0] = indices.length;
    System.arraycopy(sampleShape, 0, shape, 1, sampleShape.length);
    Tensor batch = Tensor.zeros(type, shape);
    if (type == DataType.FLOAT) {
      fill(batch.floats(), indices);
    } else if (type == DataType.INT64) {
      fill(batch.longs(), indices);
    } else {
      fill(batch.ints(), indices);
    }
    return batch;
  }

  private void fill(FloatBuffer batch, int... indices) {
    for (int sample : indices) {
      for (int i = 0; i < sampleSize; i++) {
        batch.put(affine.apply(elements.real(sample * sampleSize + i), i));
      }
    }
  }

  private void fill(LongBuffer batch, int... indices) {
    for (int sample : indices) {
      for (int i = 0; i < sampleSize; i++) {
        batch.put(elements.integer(sample * sampleSize + i));
      }
    }
  }

  private void fill(IntBuffer batch, int... indices) {
    for (int sample : indices) {
      for (int i = 0; i < sampleSize; i++) {
        batch.put(Math.toIntExact(elements.integer(sample * sampleSize + i)));
      }
    }
  }

  private static Refusal mismatch(ValueInfo input, String what) {
    return new Refusal(ReasonCode.DATA_MISMATCH, "input '" + input.name() + "' " + what);
  }

  @Override
  public String toString() {
    return type + " samples of " + Arrays.toString(sampleShape);
  }
}
