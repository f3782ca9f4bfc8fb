package dev.espalier.engine.format.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Appends structures to a file, each at an address that is a multiple of eight. */
final class Output {
  private final ByteSink sink;
  private long position;

  Output(ByteSink sink, long start) {
    this.sink = sink;
    this.position = start;
  }

  /** Where the next structure goes, and how long the file is. */
  long position() {
    return position;
  }

  /** Appends a structure, padded; returns its address. */
  long append(ByteBuffer bytes) throws IOException {
    long address = position;
    int length = bytes.remaining();
    int padding = -length & 7;
    sink.write(address, bytes);
    sink.write(address + length, ByteBuffer.allocate(padding));
    position = address + length + padding;
    return address;
  }

  void writeAt(long address, ByteBuffer bytes) throws IOException {
    sink.write(address, bytes);
  }
}
