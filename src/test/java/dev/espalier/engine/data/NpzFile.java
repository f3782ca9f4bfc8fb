package dev.espalier.engine.data;

import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes {@code .npz} archives, deflated. */
public final class NpzFile {
  private NpzFile() {}

  /** Writes arrays by name. */
  public static void write(Path file, Map<String, Tensor> arrays) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, Tensor> array : new TreeMap<>(arrays).entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(header(InMemory.rows(array.getValue()).type(), array.getValue().shape()));
        byte[] content = new byte[array.getValue().bytes().remaining()];
        array.getValue().bytes().get(content);
        zip.write(content);
      }
    }
  }

  /** What precedes the elements of a row-major little-endian array. */
  static byte[] header(ElementType type, long... shape) {
    StringBuilder dimensions = new StringBuilder();
    for (long dimension : shape) {
      dimensions.append(dimension).append(',');
    }
    String text =
        "{'descr': '<%s', 'fortran_order': False, 'shape': (%s), }"
            .formatted(type.code(), dimensions);
    byte[] header = new byte[10 + text.length()];
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length(), 0};
    System.arraycopy(start, 0, header, 0, start.length);
    System.arraycopy(
        text.getBytes(StandardCharsets.US_ASCII), 0, header, start.length, text.length());
    return header;
  }
}
