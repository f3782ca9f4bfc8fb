/**
 * What the lowering of a Keras layer to ONNX operators works with: the layer as configured, the
 * values that flow, the weights it takes and the graph it appends to. Knows no layer and no file.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.format.keras.lowering;
