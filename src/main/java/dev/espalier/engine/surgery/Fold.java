package dev.espalier.engine.surgery;

/**
 * A constant that removed channels leave in a value, and the bias that takes it: bias' = bias +
 * scale · Σ over removed positions p of constant(p) · weights(p, ·).
 *
 * @param value that holds the constants
 * @param axis of the value along which the channels are
 * @param weights name of the initializer that the value is multiplied with
 * @param in axis of the weights that is summed over
 * @param out axis of the weights that results are along; further axes are summed over as well
 * @param bias name of the initializer, with one element for each position along {@code out}
 * @param scale what products are multiplied with before the bias is added, over the bias' own
 *     factor
 */
record Fold(String value, int axis, String weights, int in, int out, String bias, double scale) {}
