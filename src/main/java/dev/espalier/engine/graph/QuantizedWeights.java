package dev.espalier.engine.graph;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Weights that are stored as integers, with a scale and a zero point per tensor or channel. */
final class QuantizedWeights implements Weights {
  private final Tensor tensor;
  private final int channels;
  private final int inner;
  private final float[] scales;
  private final int[] zeroPoints;

  private QuantizedWeights(
      Tensor tensor, int channels, int inner, float[] scales, int... zeroPoints) {
    this.tensor = tensor;
    this.channels = channels;
    this.inner = inner;
    this.scales = scales;
    this.zeroPoints = zeroPoints;
  }

  /**
   * The weights in {@code tensor}.
   *
   * @param axis axis of the channels
   * @param scale one element, or one per channel
   * @param zeroPoint likewise; null for 0
   * @throws IllegalArgumentException when there is another number of them
   */
  static QuantizedWeights of(Tensor tensor, int axis, Tensor scale, @Nullable Tensor zeroPoint) {
    boolean single = scale.size() == 1 && (zeroPoint == null || zeroPoint.size() == 1);
    int channels = single ? 1 : Math.toIntExact(tensor.dimension(axis));
    int inner = 1;
    for (int i = tensor.rank() - 1; !single && i > axis; i--) {
      inner *= Math.toIntExact(tensor.dimension(i));
    }
    int[] bits = new int[scale.size()];
    Weights.of(scale).magnitudes(0, bits.length, bits);
    float[] scales = new float[channels];
    int[] zeroPoints = new int[channels];
    for (int c = 0; c < channels; c++) {
      scales[c] = Float.intBitsToFloat(bits[place(c, channels, scale)]);
      zeroPoints[c] = zeroPoint == null ? 0 : integer(zeroPoint, place(c, channels, zeroPoint));
    }
    return new QuantizedWeights(tensor, channels, Math.max(1, inner), scales, zeroPoints);
  }

  private static int place(int channel, int channels, Tensor values) {
    if (values.size() != 1 && values.size() != channels) {
      throw new IllegalArgumentException(values + " for " + channels + " channels");
    }
    return values.size() == 1 ? 0 : channel;
  }

  private static int integer(Tensor tensor, int i) {
    ByteBuffer bytes = tensor.bytes();
    return switch (tensor.type()) {
      case INT8 -> bytes.get(i);
      case UINT8 -> Byte.toUnsignedInt(bytes.get(i));
      case INT16 -> bytes.getShort(i * Short.BYTES);
      case UINT16 -> Short.toUnsignedInt(bytes.getShort(i * Short.BYTES));
      case INT32 -> bytes.getInt(i * Integer.BYTES);
      default -> throw new IllegalArgumentException(tensor + " is not quantised");
    };
  }

  @Override
  public int size() {
    return tensor.size();
  }

  private int channel(int i) {
    return channels == 1 ? 0 : i / inner % channels;
  }

  @Override
  public void magnitudes(int from, int count, int[] into) {
    for (int i = 0; i < count; i++) {
      int channel = channel(from + i);
      long steps = (long) integer(tensor, from + i) - zeroPoints[channel];
      into[i] = steps == 0 ? 0 : Math.max(1, Magnitudes.bits((double) steps * scales[channel]));
    }
  }

  @Override
  public void values(int from, int count, float[] into) {
    for (int i = 0; i < count; i++) {
      int channel = channel(from + i);
      long steps = (long) integer(tensor, from + i) - zeroPoints[channel];
      into[i] = (float) ((double) steps * scales[channel]);
    }
  }

  @Override
  public double value(int i) {
    int channel = channel(i);
    return ((double) integer(tensor, i) - zeroPoints[channel]) * scales[channel];
  }

  @Override
  public void set(int i, double value) {
    int channel = channel(i);
    double steps = scales[channel] == 0 ? 0 : Math.rint(value / scales[channel]);
    double wanted = steps + zeroPoints[channel];
    put(i, (int) Math.min(Math.max(wanted, least()), most()));
  }

  private int least() {
    return switch (tensor.type()) {
      case INT8 -> Byte.MIN_VALUE;
      case INT16 -> Short.MIN_VALUE;
      case INT32 -> Integer.MIN_VALUE;
      default -> 0;
    };
  }

  private int most() {
    return switch (tensor.type()) {
      case INT8 -> Byte.MAX_VALUE;
      case UINT8 -> (1 << Byte.SIZE) - 1;
      case INT16 -> Short.MAX_VALUE;
      case UINT16 -> (1 << Short.SIZE) - 1;
      default -> Integer.MAX_VALUE;
    };
  }

  @Override
  public void clear(int i) {
    put(i, zeroPoints[channel(i)]);
  }

  private void put(int i, int integer) {
    ByteBuffer bytes = tensor.bytes();
    switch (tensor.type().bytes()) {
      case Byte.BYTES -> bytes.put(i, (byte) integer);
      case Short.BYTES -> bytes.putShort(i * Short.BYTES, (short) integer);
      default -> bytes.putInt(i * Integer.BYTES, integer);
    }
  }

  @Override
  public long nonZero() {
    long count = 0;
    for (int i = 0; i < size(); i++) {
      count += integer(tensor, i) == zeroPoints[channel(i)] ? 0 : 1;
    }
    return count;
  }

  @Override
  public Weights over(Tensor other) {
    return new QuantizedWeights(other, channels, inner, scales, zeroPoints);
  }
}
