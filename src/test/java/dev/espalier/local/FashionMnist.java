package dev.espalier.local;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Real images with labels: the part of Fashion-MNIST that lies in the test resources. Pixels are
 * unsigned bytes, row by row; labels are class indices.
 */
public final class FashionMnist {
  /** Images of either part. */
  public static final int SAMPLES = 10_000;

  public static final int HEIGHT = 28;
  public static final int WIDTH = 28;
  public static final int PIXELS = HEIGHT * WIDTH;
  public static final int CLASSES = 10;

  // First four bytes of an IDX file: two zeros, the element type (8 = unsigned byte), the rank.
  private static final int IMAGES_MAGIC = 0x0803;
  private static final int LABELS_MAGIC = 0x0801;

  private final byte[] images;
  private final byte[] labels;

  private FashionMnist(byte[] images, byte[] labels) {
    this.images = images;
    this.labels = labels;
  }

  /** The 10,000 training images. */
  public static FashionMnist train() throws IOException {
    return read("train10k");
  }

  /** The 10,000 test images. */
  public static FashionMnist test() throws IOException {
    return read("t10k");
  }

  private static FashionMnist read(String part) throws IOException {
    byte[] images = idx(part + "-images-idx3-ubyte.gz", IMAGES_MAGIC, SAMPLES, HEIGHT, WIDTH);
    byte[] labels = idx(part + "-labels-idx1-ubyte.gz", LABELS_MAGIC, SAMPLES);
    for (byte label : labels) {
      if (label < 0 || label >= CLASSES) {
        throw new IOException(part + " has a label " + label);
      }
    }
    return new FashionMnist(images, labels);
  }

  private static byte[] idx(String name, int magic, int... shape) throws IOException {
    try (InputStream file = FashionMnist.class.getResourceAsStream("/fashion-mnist/" + name)) {
      if (file == null) {
        throw new IOException(name + " is not among the test resources");
      }
      DataInputStream in = new DataInputStream(new GZIPInputStream(file));
      int[] header = new int[1 + shape.length];
      for (int i = 0; i < header.length; i++) {
        header[i] = in.readInt();
      }
      byte[] content = in.readAllBytes();
      int expected = Arrays.stream(shape).reduce(1, Math::multiplyExact);
      if (header[0] != magic
          || !Arrays.equals(header, 1, header.length, shape, 0, shape.length)
          || content.length != expected) {
        throw new IOException(name + " is not an IDX file of shape " + Arrays.toString(shape));
      }
      return content;
    }
  }

  /** The first {@code samples} of these. */
  public FashionMnist first(int samples) {
    return new FashionMnist(
        Arrays.copyOf(images, samples * PIXELS), Arrays.copyOf(labels, samples));
  }

  public int samples() {
    return labels.length;
  }

  /** All pixels, shape [samples, 28, 28], unsigned. */
  public byte[] images() {
    return images.clone();
  }

  /** Pixel {@code pixel} (row by row) of sample {@code sample}, in [0, 255]. */
  public int pixel(int sample, int pixel) {
    return images[sample * PIXELS + pixel] & 0xff;
  }

  /** Class index of sample {@code sample}, in [0, 10). */
  public int label(int sample) {
    return labels[sample];
  }

  /**
   * These samples as the bytes of an {@code .npz}: {@code x}, uint8, [n, 1, 28, 28], and {@code y},
   * int64, [n].
   */
  public byte[] npz() throws IOException {
    long[] classes = new long[labels.length];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = labels[i];
    }
    return new NpzWriter()
        .uint8("x", images, samples(), 1, HEIGHT, WIDTH)
        .int64("y", classes, samples())
        .bytes();
  }
}
