/**
 * Masks: which weights are kept, and the exact selection of how many go. Pure functions; no I/O.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.mask;
