package dev.espalier.engine;

import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import java.util.Map;

/**
 * A model from which something was removed, before recovery.
 *
 * @param masks what is kept, by tensor name
 * @param weights by tensor name, zero where the masks remove
 */
record Pruned(Map<String, Mask> masks, Map<String, Tensor> weights) {}
