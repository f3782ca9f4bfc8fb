package dev.espalier.engine.score;

/** What a criterion looks at beside the weights of a tensor. */
public sealed interface Evidence permits AxisProducts, LayerInputs, Moved, Sensitivity {}
