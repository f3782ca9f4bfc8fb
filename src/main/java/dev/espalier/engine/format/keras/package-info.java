/**
 * Keras files: {@code .h5} of Keras 2 and 3, and {@code .keras}. Their containers and topology are
 * read here, every layer is lowered in {@code layer}; the same format is written back.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.format.keras;
