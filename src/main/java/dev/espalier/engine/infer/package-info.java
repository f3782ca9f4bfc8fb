/**
 * Scoring with ONNX Runtime, the runtime most users serve with. The only package that may use it;
 * it sees only bytes our own writer serialised.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.infer;
