/** The built-in layers of Keras, each lowered to ONNX operators. */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.format.keras.layer;
