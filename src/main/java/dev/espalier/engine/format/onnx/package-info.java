/**
 * ONNX files, through our own subset of the protobuf schema, and the serialisation of a graph that
 * the inference runtime is given.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.format.onnx;
