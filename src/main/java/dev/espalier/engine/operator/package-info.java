/**
 * One file per ONNX operator that can be trained: its forward pass, its backward pass and its shape
 * rule, on ND4J kernels where they are fast and plain loops where they are not.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.operator;
