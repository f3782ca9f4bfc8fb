package dev.espalier.engine.compress;

/**
 * Where in a file 32-bit words lie, such as the elements of a float32 tensor.
 *
 * @param name what they are
 * @param offset of the first byte
 * @param words how many
 * @param bigEndian byte order of each word
 */
public record WordRange(String name, long offset, int words, boolean bigEndian) {
  long bytes() {
    return (long) Integer.BYTES * words;
  }

  long end() {
    return offset + bytes();
  }
}
