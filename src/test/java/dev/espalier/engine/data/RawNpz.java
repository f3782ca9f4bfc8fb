package dev.espalier.engine.data;

import dev.espalier.engine.format.RawZip;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes {@code .npy} arrays by hand, so that they can lie. */
public final class RawNpz {
  /** Samples of the sound arrays. */
  public static final int SAMPLES = 400;

  private RawNpz() {}

  /** An array of version 1.0. */
  static byte[] npy(String header, byte[] elements) {
    ByteArrayOutputStream array = new ByteArrayOutputStream();
    array.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    array.write(header.length());
    array.write(header.length() >> 8);
    array.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    array.writeBytes(elements);
    return array.toByteArray();
  }

  /** The dictionary of an array in row-major order. */
  static String header(String type, String shape) {
    return "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, shape);
  }

  /** Sound inputs, [400, 2]. */
  public static byte[] x() {
    return floats(values(2 * SAMPLES), SAMPLES + ", 2");
  }

  /** Sound labels of two classes, [400]. */
  public static byte[] y() {
    long[] labels = new long[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      labels[i] = i % 2;
    }
    return labels(labels);
  }

  static float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i % 7 - 3;
    }
    return values;
  }

  static byte[] floats(float[] values, String shape) {
    return npy(header("<f4", shape), bytes(values, ByteOrder.LITTLE_ENDIAN));
  }

  static byte[] bytes(float[] values, ByteOrder order) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(order);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  static byte[] labels(long... labels) {
    ByteBuffer bytes =
        ByteBuffer.allocate(labels.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(labels);
    return npy(header("<i8", labels.length + ","), bytes.array());
  }

  /** An archive of inputs and labels. */
  public static RawZip zip(byte[] x, byte[] y) {
    return new RawZip().add("x.npy", x).add("y.npy", y);
  }
}
