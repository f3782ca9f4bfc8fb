package dev.espalier.engine.surgery;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.infer.Forward;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;

/** Inputs to try a model on when nothing is known but what it declares. */
final class Probe {
  /** Sizes to try where the model leaves a size open: pictures, sequences, anything. */
  private static final List<Integer> OPEN_SIZES =
      List.of(32, 28, 64, 96, 128, 224, 8, 1, 227, 256, 299, 331, 512);

  /** Most elements of an input. */
  private static final long LARGEST = 1L << 26;

  /** What another size does not help against. */
  private static final Set<ReasonCode> ENDING =
      Set.of(ReasonCode.GRAPH_TOO_LARGE, ReasonCode.DOES_NOT_FIT);

  private Probe() {}

  /**
   * The outputs of a graph for the first inputs it runs on.
   *
   * @param samples where the batch is open
   * @throws Refusal when it runs on none
   */
  static Map<String, Tensor> run(Graph graph, int samples) {
    Refusal last = null;
    for (int size : openSizes(graph)) {
      try {
        return Forward.run(graph, inputs(graph, samples, size, new Random(size)));
      } catch (Refusal e) {
        if (ENDING.contains(e.reason().code())) {
          throw e;
        }
        last = e;
      }
    }
    throw last == null ? new IllegalStateException("no size to try") : last;
  }

  /** What to try for sizes that are open, one after the other; one size when none is. */
  static List<Integer> openSizes(Graph graph) {
    boolean open = graph.inputs().stream().anyMatch(ValueInfo::leavesSampleSizeOpen);
    return open ? OPEN_SIZES : OPEN_SIZES.subList(0, 1);
  }

  /** Inputs of a size: normally distributed numbers, and integers that are 0 or 1. */
  static Map<String, Tensor> inputs(Graph graph, int samples, int openSize, Random random) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (ValueInfo input : graph.inputs()) {
      long[] shape = new long[input.dimensions().size()];
      for (int axis = 0; axis < shape.length; axis++) {
        long size = input.dimensions().get(axis);
        shape[axis] = size != ValueInfo.UNKNOWN ? size : axis == 0 ? samples : openSize;
      }
      if (LongStream.of(shape).asDoubleStream().reduce(1, (a, b) -> a * b) > LARGEST) {
        throw new Refusal(
            ReasonCode.GRAPH_TOO_LARGE,
            "input '%s' asks for more than %d elements".formatted(input.name(), LARGEST));
      }
      Tensor tensor = Tensor.zeros(input.type(), shape);
      for (int i = 0; i < tensor.size(); i++) {
        fill(tensor, i, random);
      }
      inputs.put(input.name(), tensor);
    }
    return inputs;
  }

  private static void fill(Tensor tensor, int i, Random random) {
    switch (tensor.type()) {
      case FLOAT -> tensor.floats().put(i, (float) random.nextGaussian());
      case DOUBLE -> tensor.doubles().put(i, random.nextGaussian());
      case FLOAT16 -> {
        // Halves of ±1 and ±0.5: what matters is that they differ.
        int bits = (random.nextBoolean() ? 0x3c00 : 0x3800) | (random.nextBoolean() ? 0x8000 : 0);
        tensor.bytes().putShort(i * Short.BYTES, (short) bits);
      }
      default -> tensor.bytes().put(i * tensor.type().bytes(), (byte) random.nextInt(2));
    }
  }
}
