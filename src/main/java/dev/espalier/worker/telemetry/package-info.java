/** Metrics: one class of named meters with bounded labels. */
@org.jspecify.annotations.NullMarked
package dev.espalier.worker.telemetry;
