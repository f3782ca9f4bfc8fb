package dev.espalier.engine.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The elements of the {@code .npy} files that the fixture scripts wrote (version 1, row-major). */
public final class NpyFixture {
  private static final int HEADER_LENGTH_AT = 8;

  private NpyFixture() {}

  /** All elements of a {@code uint8} file as bytes. */
  public static byte[] bytes(String resource) throws IOException {
    ByteBuffer data = data(resource, "'|u1'");
    byte[] values = new byte[data.remaining()];
    data.get(values);
    return values;
  }

  /** All elements of a {@code float32} file. */
  public static float[] floats(String resource) throws IOException {
    ByteBuffer data = data(resource, "'<f4'");
    float[] values = new float[data.remaining() / Float.BYTES];
    data.asFloatBuffer().get(values);
    return values;
  }

  private static ByteBuffer data(String resource, String type) throws IOException {
    try (InputStream in = NpyFixture.class.getResourceAsStream(resource)) {
      ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      int start = HEADER_LENGTH_AT + Short.BYTES + file.getShort(HEADER_LENGTH_AT);
      String header =
          new String(file.array(), 0, start, java.nio.charset.StandardCharsets.US_ASCII);
      if (!header.contains(type) || header.contains("'fortran_order': True")) {
        throw new IOException(resource + " is not " + type + ": " + header);
      }
      return file.slice(start, file.capacity() - start).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
