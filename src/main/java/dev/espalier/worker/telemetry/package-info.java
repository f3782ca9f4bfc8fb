/**
 * What the worker shows of itself: one class of named meters with bounded labels, and the spans of
 * a record's way through it. The only package that knows of OpenTelemetry.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.worker.telemetry;
