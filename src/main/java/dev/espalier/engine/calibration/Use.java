package dev.espalier.engine.calibration;

import dev.espalier.engine.graph.WeightMatrix;

/**
 * A place where a kernel is multiplied with inputs.
 *
 * @param matrix the kernel as the matrix that multiplies them
 * @param inputs what flows in there
 */
record Use(WeightMatrix matrix, Inputs inputs) {}
