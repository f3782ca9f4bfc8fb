/**
 * What may be removed from a model as one: single weights or whole channels. The one place that
 * knows how the units of a granularity lie in the tensors; steps, targets and counts see units.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.scope;
