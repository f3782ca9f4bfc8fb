/**
 * What a metric is: a meter collects of a model's outputs what the metric needs, sample by sample;
 * the measurement it leaves has a value, also on resamples of its samples. Pure functions; no I/O.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.metric;
