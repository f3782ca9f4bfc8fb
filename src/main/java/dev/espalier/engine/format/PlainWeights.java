package dev.espalier.engine.format;

import java.nio.ByteOrder;

/**
 * Float32 weights that lie in a model file in one piece and as plain numbers.
 *
 * @param name what the file calls them
 * @param offset of the first byte in the file
 * @param elements how many
 * @param order of the bytes of each
 */
public record PlainWeights(String name, long offset, int elements, ByteOrder order) {}
