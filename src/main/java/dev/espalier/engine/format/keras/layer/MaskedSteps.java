package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.ValueInfo;
import java.util.stream.LongStream;

/**
 * The steps of a sequence that a mask keeps. Keras' loop leaves the states of a cell alone at
 * masked steps, wherever they are; ONNX knows only how long a sequence is. So the kept steps are
 * brought to the front, counted, and the outputs brought back to their places, by products with
 * matrices of zeros and ones, through which gradients flow.
 *
 * @param on where to append
 * @param kept [n, t] 1 for a step that counts, 0 for a masked one
 * @param before [n, t] how many steps count before this one
 * @param rank [t] 0, 1, …
 * @param lengths [n] how many steps count, as the operators take it
 */
record MaskedSteps(Nodes on, String kept, String before, String rank, String lengths) {
  /** Looks at a mask [n, t] of a sequence [n, t, features]. */
  static MaskedSteps of(Nodes on, Value sequence, String mask) {
    String rank = rank(on, sequence);
    String weights = on.cast(mask, DataType.FLOAT);
    // Counted by a product, which is exact and trains where a running sum would not.
    String earlier = on.node("Less", on.unsqueeze(rank, 1), on.unsqueeze(rank, 0));
    String counted = on.node("MatMul", weights, on.cast(earlier, DataType.FLOAT));
    String lengths = on.cast(on.sum(weights, false, 1), DataType.INT32);
    String kept = on.cast(mask, DataType.INT64);
    return new MaskedSteps(on, kept, on.cast(counted, DataType.INT64), rank, lengths);
  }

  private static String rank(Nodes on, Value sequence) {
    long steps = sequence.dimension(1);
    if (steps != ValueInfo.UNKNOWN) {
      return on.integers("steps", LongStream.range(0, steps).toArray());
    }
    String count = on.node("Gather", on.node("Shape", sequence.name()), on.integer("axis", 1));
    return on.node("Range", on.integer("zero", 0), count, on.integer("one", 1));
  }

  /** The kept steps of [n, t, features] in front, zeros behind. */
  String gather(String sequence) {
    // [n, k, t]: step t is the k-th that counts
    String chosen = on.node("Equal", on.unsqueeze(before, 1), on.unsqueeze(rank, 1));
    String counts = on.unsqueeze(on.cast(kept, DataType.BOOL), 1);
    return on.node("MatMul", on.cast(on.node("And", chosen, counts), DataType.FLOAT), sequence);
  }

  /**
   * Outputs of the kept steps [n, k, units] at their places. A masked step gives zeros or the
   * output of the step processed before it, zeros when there was none.
   */
  String scatter(String outputs, boolean backward, boolean zeros) {
    // Forward, the output before is that of the last step kept; backward, of the next one kept.
    String source =
        backward || zeros
            ? before
            : on.node("Sub", on.node("Add", before, kept), on.integer("one", 1));
    String chosen = on.node("Equal", on.unsqueeze(source, 2), rank);
    String exists =
        zeros
            ? on.unsqueeze(on.cast(kept, DataType.BOOL), 2)
            : on.node("Less", rank, on.unsqueeze(on.cast(lengths, DataType.INT64), 1));
    String valid = zeros ? exists : on.unsqueeze(exists, 1);
    return on.node("MatMul", on.cast(on.node("And", chosen, valid), DataType.FLOAT), outputs);
  }
}
