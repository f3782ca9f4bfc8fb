package dev.espalier.engine.infer;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.ValueInfo;
import java.util.Arrays;

/**
 * How many samples go into one run.
 *
 * @param size samples per run
 * @param fixed whether the model takes exactly that many: a short run is then filled up with its
 *     last sample
 */
record Chunks(int size, boolean fixed) {
  private static final int MOST = 256;

  /** Input elements per run, so that large samples do not multiply the memory of a run. */
  private static final long ELEMENTS = 1L << 24;

  /** Most elements an input may demand for one run. */
  private static final long LARGEST = 1L << 28;

  static Chunks of(Graph graph) {
    long elements = 1;
    for (ValueInfo input : graph.inputs()) {
      long[] dimensions = input.dimensions().stream().mapToLong(Long::longValue).toArray();
      long sample = 1;
      for (int axis = 1; axis < dimensions.length; axis++) {
        sample = product(sample, Math.abs(dimensions[axis]));
      }
      if (dimensions.length > 0 && dimensions[0] != ValueInfo.UNKNOWN) {
        product(sample, dimensions[0]);
        return new Chunks((int) dimensions[0], true);
      }
      elements += sample;
    }
    return new Chunks((int) Math.max(1, Math.min(MOST, ELEMENTS / elements)), false);
  }

  /** The same with no more than {@code most} samples per run, unless the model fixes them. */
  Chunks atMost(int most) {
    return fixed ? this : new Chunks(Math.min(size, most), false);
  }

  private static long product(long a, long b) {
    if (b > LARGEST / Math.max(1, a)) {
      throw new Refusal(
          ReasonCode.GRAPH_TOO_LARGE,
          "an input asks for more than %d elements at once: export with a smaller or open batch"
              .formatted(LARGEST));
    }
    return a * b;
  }

  /** The samples of the run that starts at {@code from}. */
  int[] at(int from, int... samples) {
    int end = Math.min(from + size, samples.length);
    int[] chunk = Arrays.copyOfRange(samples, from, fixed ? from + size : end);
    Arrays.fill(chunk, end - from, chunk.length, samples[end - 1]);
    return chunk;
  }
}
