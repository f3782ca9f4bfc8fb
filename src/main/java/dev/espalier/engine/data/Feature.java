package dev.espalier.engine.data;

import dev.espalier.contract.JobSpec.Preprocess;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.HalfPrecision;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One input of a model for all samples, or its targets: kept as stored, cast and preprocessed while
 * batches are made.
 */
final class Feature {
  private final ValueInfo input;
  private final Rows rows;
  private final Affine affine;
  private final long[] sampleShape;
  private final float[] sample;

  private Feature(ValueInfo input, Rows rows, Affine affine, long... sampleShape) {
    this.input = input;
    this.rows = rows;
    this.affine = affine;
    this.sampleShape = sampleShape;
    this.sample = new float[rows.width()];
  }

  /**
   * The feature for {@code input} held by {@code array}, samples along the first axis. Reads it
   * through once.
   *
   * @throws Refusal {@code data-mismatch} when shape or type do not fit the input, or a value is
   *     not one of its type; {@code data-malformed} when a value is not finite
   */
  static Feature of(ValueInfo input, Rows array, @Nullable Preprocess preprocess) {
    long[] sampleShape = InputLayout.sampleShape(input, array.shape());
    boolean real = isReal(input.type());
    Feature feature =
        new Feature(input, array, Affine.of(real ? preprocess : null, sampleShape), sampleShape);
    if (!real) {
      feature.requireIntegers(IntegerRange.of(input));
    } else if (!array.type().isIntegral()) {
      feature.requireFinite();
    }
    return feature;
  }

  /** Targets held by {@code array}, each sample's values in one row. */
  static Feature flat(ValueInfo target, Rows array) {
    Feature feature = new Feature(target, array, Affine.of(null), (long) array.width());
    if (!array.type().isIntegral()) {
      feature.requireFinite();
    }
    return feature;
  }

  private static boolean isReal(DataType type) {
    return type == DataType.FLOAT || type == DataType.FLOAT16 || type == DataType.DOUBLE;
  }

  private void requireFinite() {
    for (int row = 0; row < rows.count(); row++) {
      int start = rows.load(row);
      rows.elements().floats(start, sample);
      float sum = 0;
      for (float value : sample) {
        sum += value * 0f; // 0, or not a number when any value is not finite
      }
      if (sum != 0f) {
        throw notFinite(row, start);
      }
    }
  }

  private Refusal notFinite(int row, int start) {
    int at = 0;
    while (Float.isFinite(sample[at])) {
      at++;
    }
    return new Refusal(
        ReasonCode.DATA_MALFORMED,
        "'%s' has %s at element %d"
            .formatted(input.name(), rows.elements().real(start + at), element(row, at)));
  }

  private void requireIntegers(IntegerRange range) {
    for (int row = 0; row < rows.count(); row++) {
      int start = rows.load(row);
      for (int i = 0; i < rows.width(); i++) {
        boolean whole = rows.type().isIntegral() || isWhole(rows.elements().real(start + i));
        if (!whole || !range.contains(rows.elements().integer(start + i))) {
          throw new Refusal(
              ReasonCode.DATA_MISMATCH,
              "input '%s' takes %s, the data have %s at element %d"
                  .formatted(
                      input.name(),
                      input.type(),
                      rows.elements().real(start + i),
                      element(row, i)));
        }
      }
    }
  }

  private static boolean isWhole(double value) {
    return value == Math.rint(value) && Math.abs(value) <= 0x1p53;
  }

  private long element(int row, int i) {
    return (long) row * rows.width() + i;
  }

  /** Number of samples. */
  int samples() {
    return rows.count();
  }

  /** A batch of {@code size} samples, not filled yet: shape [size, sample shape…]. */
  Tensor allocate(int size) {
    long[] shape = new long[sampleShape.length + 1];
    shape[0] = size;
    System.arraycopy(sampleShape, 0, shape, 1, sampleShape.length);
    return Tensor.zeros(input.type(), shape);
  }

  /** Fills a batch with the samples at {@code indices}. */
  void gather(Tensor batch, int... indices) {
    switch (input.type()) {
      case FLOAT -> floats(batch.floats(), indices);
      case FLOAT16 -> halves(batch.bytes(), indices);
      case DOUBLE -> doubles(batch.doubles(), indices);
      case INT64 -> longs(batch.longs(), indices);
      case INT32 -> ints(batch.ints(), indices);
      default -> bytes(batch.bytes(), indices);
    }
  }

  private void floats(FloatBuffer batch, int... indices) {
    boolean asStored = affine.isIdentity() && rows.elements() instanceof Elements.Floats;
    for (int i = 0; i < indices.length; i++) {
      int start = rows.load(indices[i]);
      if (asStored) {
        FloatBuffer stored = ((Elements.Floats) rows.elements()).values();
        batch.put(i * sample.length, stored, start, sample.length);
      } else {
        batch.put(i * sample.length, preprocessed(start));
      }
    }
  }

  private float[] preprocessed(int start) {
    rows.elements().floats(start, sample);
    if (!affine.isIdentity()) {
      affine.apply(sample);
    }
    return sample;
  }

  private void halves(ByteBuffer batch, int... indices) {
    for (int index : indices) {
      for (float value : preprocessed(rows.load(index))) {
        batch.putShort(HalfPrecision.fromFloat(value));
      }
    }
  }

  /** Doubles that are preprocessed go through float32, as preprocessing is defined there. */
  private void doubles(DoubleBuffer batch, int... indices) {
    for (int index : indices) {
      int start = rows.load(index);
      if (affine.isIdentity()) {
        for (int i = 0; i < rows.width(); i++) {
          batch.put(rows.elements().real(start + i));
        }
      } else {
        for (float value : preprocessed(start)) {
          batch.put(value);
        }
      }
    }
  }

  private void longs(LongBuffer batch, int... indices) {
    for (int index : indices) {
      int start = rows.load(index);
      for (int i = 0; i < rows.width(); i++) {
        batch.put(rows.elements().integer(start + i));
      }
    }
  }

  private void ints(IntBuffer batch, int... indices) {
    for (int index : indices) {
      int start = rows.load(index);
      for (int i = 0; i < rows.width(); i++) {
        batch.put((int) rows.elements().integer(start + i));
      }
    }
  }

  private void bytes(ByteBuffer batch, int... indices) {
    for (int index : indices) {
      int start = rows.load(index);
      for (int i = 0; i < rows.width(); i++) {
        batch.put((byte) rows.elements().integer(start + i));
      }
    }
  }

  @Override
  public String toString() {
    return input.type() + " samples of " + Arrays.toString(sampleShape);
  }
}
