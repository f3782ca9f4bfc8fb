/** Schedules: how sparsity approaches its target over the steps. Pure functions; no I/O. */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.schedule;
