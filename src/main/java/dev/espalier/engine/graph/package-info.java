/**
 * The one in-memory model every format is read into: nodes with ONNX operators, tensors in direct
 * little-endian buffers, and parameters that know what they were called in their source. No file
 * format and no numerical library may enter.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.graph;
