/**
 * What flows into a model's kernels: which nodes multiply them with what, and graphs whose outputs
 * are sums over it. Pure graph to graph; running one is for {@code infer}.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.calibration;
