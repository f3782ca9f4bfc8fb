/**
 * The gate: paired, one-sided non-inferiority of the pruned model on samples nothing was tuned on.
 * Pure functions; no I/O.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.gate;
