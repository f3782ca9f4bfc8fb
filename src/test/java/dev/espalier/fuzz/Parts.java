package dev.espalier.fuzz;

import dev.espalier.engine.format.RawZip;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Inputs that become archives. Mutations of a whole zip file rarely get past its checksums; so most
 * inputs are the contents of the entries, joined by a marker, and are zipped soundly here. One that
 * starts like a zip file is taken as it is.
 */
final class Parts {
  private static final byte[] MARKER = "\n<part>\n".getBytes(StandardCharsets.US_ASCII);

  private Parts() {}

  /** Joins the contents of entries to a seed. */
  static byte[] join(byte[]... contents) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (int i = 0; i < contents.length; i++) {
      joined.writeBytes(i == 0 ? new byte[0] : MARKER);
      joined.writeBytes(contents[i]);
    }
    return joined.toByteArray();
  }

  /** The archive that an input stands for. */
  static byte[] zip(byte[] input, String... names) {
    if (input.length > 1 && input[0] == 'P' && input[1] == 'K') {
      return input;
    }
    RawZip zip = new RawZip();
    List<byte[]> contents = split(input);
    for (int i = 0; i < Math.min(names.length, contents.size()); i++) {
      zip.add(names[i], contents.get(i));
    }
    return zip.bytes();
  }

  /** The parts of an input. */
  static List<byte[]> split(byte[] input) {
    List<byte[]> parts = new ArrayList<>();
    int start = 0;
    for (int at = 0; at + MARKER.length <= input.length; ) {
      if (Arrays.equals(input, at, at + MARKER.length, MARKER, 0, MARKER.length)) {
        parts.add(Arrays.copyOfRange(input, start, at));
        at += MARKER.length;
        start = at;
      } else {
        at++;
      }
    }
    parts.add(Arrays.copyOfRange(input, start, input.length));
    return parts;
  }
}
