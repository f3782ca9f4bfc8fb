/**
 * Masked fine-tuning: a reverse-mode tape over the graph, losses, optimisers that keep zeros
 * exactly.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.train;
