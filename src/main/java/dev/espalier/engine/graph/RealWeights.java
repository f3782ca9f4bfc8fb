package dev.espalier.engine.graph;

import java.nio.ByteBuffer;

/**
 * Weights that are stored as what they are.
 *
 * @param tensor the elements
 */
record RealWeights(Tensor tensor) implements Weights {
  private static final int WITHOUT_SIGN = 0x7fff_ffff;
  private static final int BFLOAT16_SHIFT = 16;
  private static final float LARGEST_HALF = 65_504;
  private static final float LARGEST_BRAIN = 0x1.fep127f;

  @Override
  public int size() {
    return tensor.size();
  }

  @Override
  public void magnitudes(int from, int count, int[] into) {
    ByteBuffer bytes = tensor.bytes();
    switch (tensor.type()) {
      case FLOAT -> {
        bytes.asIntBuffer().get(from, into, 0, count);
        for (int i = 0; i < count; i++) {
          into[i] &= WITHOUT_SIGN;
        }
      }
      case FLOAT16 -> {
        for (int i = 0; i < count; i++) {
          float value = HalfPrecision.toFloat(bytes.getShort((from + i) * Short.BYTES));
          into[i] = Float.floatToRawIntBits(value) & WITHOUT_SIGN;
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < count; i++) {
          into[i] = bytes.getShort((from + i) * Short.BYTES) << BFLOAT16_SHIFT & WITHOUT_SIGN;
        }
      }
      case DOUBLE -> {
        for (int i = 0; i < count; i++) {
          into[i] = Magnitudes.bits(bytes.getDouble((from + i) * Double.BYTES));
        }
      }
      default -> throw unknown();
    }
  }

  @Override
  public void values(int from, int count, float[] into) {
    ByteBuffer bytes = tensor.bytes();
    for (int i = 0; i < count; i++) {
      int at = (from + i) * tensor.type().bytes();
      into[i] =
          switch (tensor.type()) {
            case FLOAT -> bytes.getFloat(at);
            case FLOAT16 -> HalfPrecision.toFloat(bytes.getShort(at));
            case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort(at) << BFLOAT16_SHIFT);
            case DOUBLE -> (float) bytes.getDouble(at);
            default -> throw new IllegalStateException(tensor + " does not say what it means");
          };
    }
  }

  @Override
  public double value(int i) {
    ByteBuffer bytes = tensor.bytes();
    return switch (tensor.type()) {
      case FLOAT -> bytes.getFloat(i * Float.BYTES);
      case DOUBLE -> bytes.getDouble(i * Double.BYTES);
      case FLOAT16 -> HalfPrecision.toFloat(bytes.getShort(i * Short.BYTES));
      case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort(i * Short.BYTES) << BFLOAT16_SHIFT);
      default -> throw unknown();
    };
  }

  @Override
  public void set(int i, double value) {
    ByteBuffer bytes = tensor.bytes();
    switch (tensor.type()) {
      case FLOAT -> bytes.putFloat(i * Float.BYTES, within(Float.MAX_VALUE, value));
      case DOUBLE -> bytes.putDouble(i * Double.BYTES, value);
      case FLOAT16 ->
          bytes.putShort(i * Short.BYTES, HalfPrecision.fromFloat(within(LARGEST_HALF, value)));
      case BFLOAT16 -> bytes.putShort(i * Short.BYTES, nearestBrain(within(LARGEST_BRAIN, value)));
      default -> throw unknown();
    }
  }

  private static float within(float most, double value) {
    return (float) Math.max(-most, Math.min(most, value));
  }

  /** The upper half of a float's bits, of two equally near the one with an even last bit. */
  private static short nearestBrain(float value) {
    int bits = Float.floatToRawIntBits(value);
    int odd = (bits >>> BFLOAT16_SHIFT) & 1;
    int rounded = bits + (1 << (BFLOAT16_SHIFT - 1)) - 1 + odd;
    return (short) (rounded >>> BFLOAT16_SHIFT);
  }

  private IllegalStateException unknown() {
    return new IllegalStateException(tensor + " does not say what its elements mean");
  }

  @Override
  public void clear(int i) {
    ByteBuffer bytes = tensor.bytes();
    int width = tensor.type().bytes();
    for (int b = 0; b < width; b++) {
      bytes.put(i * width + b, (byte) 0);
    }
  }

  @Override
  public long nonZero() {
    return NonZero.count(tensor);
  }

  @Override
  public Weights over(Tensor other) {
    return new RealWeights(other);
  }
}
