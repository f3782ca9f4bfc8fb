/**
 * How numbers become text and places in a drawing, in reports and on pages alike. No input or
 * output, and nothing of the engine or the worker.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.chart;
