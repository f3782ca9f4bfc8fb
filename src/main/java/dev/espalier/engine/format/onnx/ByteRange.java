package dev.espalier.engine.format.onnx;

/**
 * Part of a file.
 *
 * @param offset of its first byte
 * @param length in bytes
 */
record ByteRange(long offset, int length) {}
