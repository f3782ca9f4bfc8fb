package dev.espalier.engine.data;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A data set of which every element tells where it belongs, and a program that reads it in random
 * order and prints its peak memory.
 */
final class LargeDataset {
  static final int WIDTH = 1_000;

  private LargeDataset() {}

  /** Element {@code i} of a row; exact in float32 and hard to deflate. */
  static float element(int row, int i) {
    return (row * 31 + i * 17) % 65_521;
  }

  /**
   * Writes an archive.
   *
   * @param columnMajor whether the first axis runs fastest
   */
  static void write(Path file, int rows, boolean deflated, boolean columnMajor) throws IOException {
    byte[] header = NpzFile.header(ElementType.F4, rows, WIDTH);
    if (columnMajor) {
      String text = new String(header, java.nio.charset.StandardCharsets.ISO_8859_1);
      header =
          text.replace("False", "True ").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }
    byte[] labels = new byte[8 * rows];
    for (int row = 0; row < rows; row++) {
      labels[8 * row] = (byte) (row % 2);
    }
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(1);
      entry(zip, "x.npy", deflated, rows, columnMajor, header);
      zip.putNextEntry(new ZipEntry("y.npy"));
      zip.write(NpzFile.header(ElementType.I8, rows));
      zip.write(labels);
    }
  }

  private static void entry(
      ZipOutputStream zip,
      String name,
      boolean deflated,
      int rows,
      boolean columnMajor,
      byte[] header)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    if (!deflated) {
      CRC32 crc = new CRC32();
      crc.update(header);
      each(rows, columnMajor, crc::update);
      entry.setMethod(ZipEntry.STORED);
      entry.setCrc(crc.getValue());
      entry.setSize(header.length + 4L * rows * WIDTH);
    }
    zip.putNextEntry(entry);
    zip.write(header);
    each(rows, columnMajor, zip::write);
  }

  private interface Sink {
    void accept(byte[] bytes) throws IOException;
  }

  private static void each(int rows, boolean columnMajor, Sink sink) throws IOException {
    int outer = columnMajor ? WIDTH : rows;
    int inner = columnMajor ? rows : WIDTH;
    byte[] line = new byte[4 * inner];
    ByteBuffer floats = ByteBuffer.wrap(line).order(ByteOrder.LITTLE_ENDIAN);
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < inner; i++) {
        floats.putFloat(4 * i, columnMajor ? element(i, o) : element(o, i));
      }
      sink.accept(line);
    }
  }

  /** Arguments: archive, scratch directory, number of batches. */
  public static void main(String[] args) throws IOException {
    Graph model =
        new Graph(
            13,
            List.of(new ValueInfo("in", DataType.FLOAT, List.of(-1L, (long) WIDTH))),
            List.of(new ValueInfo("out", DataType.FLOAT, List.of(-1L, 2L))),
            List.of(),
            Map.of(),
            List.of());
    Path scratch = Path.of(args[1]);
    long start = System.nanoTime();
    try (Dataset data =
        Dataset.read(Path.of(args[0]), model, null, null, DataLimits.ofThisProcess(scratch))) {
      System.out.printf("opened in %.1f s%n", (System.nanoTime() - start) / 1e9);
      start = System.nanoTime();
      Random random = new Random(1);
      for (int batch = 0; batch < Integer.parseInt(args[2]); batch++) {
        int[] indices = random.ints(128, 0, data.samples()).toArray();
        check(data.batch(indices), indices);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf("%,.0f samples/s%n", 128 * Integer.parseInt(args[2]) / seconds);
      try (var files = Files.list(scratch)) {
        System.out.println("files " + files.count());
      }
    }
    Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .forEach(System.out::println);
  }

  private static void check(Batch batch, int... indices) {
    Tensor x = batch.input("in");
    float[] row = new float[WIDTH];
    for (int i = 0; i < indices.length; i++) {
      x.floats().get(i * WIDTH, row);
      float[] expected = new float[WIDTH];
      for (int c = 0; c < WIDTH; c++) {
        expected[c] = element(indices[i], c);
      }
      if (!Arrays.equals(row, expected) || batch.targets().longs().get(i) != indices[i] % 2) {
        throw new IllegalStateException("row " + indices[i] + " is another one");
      }
    }
  }
}
