/**
 * Channels that are removed for good: which positions of which tensors belong together, the model
 * without them, and the proof that it computes the same. Graph in, graph out; nothing here knows a
 * policy, a criterion or a file.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.surgery;
