package dev.espalier.engine.metric;

/** Collects what a metric needs of a model's outputs. */
public interface Meter extends Observer {
  /** The measurement, after all samples. */
  Measurement measurement();
}
