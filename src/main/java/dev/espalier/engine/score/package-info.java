/** Criteria: what each weight is worth. Pure functions of tensors; no I/O. */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.score;
