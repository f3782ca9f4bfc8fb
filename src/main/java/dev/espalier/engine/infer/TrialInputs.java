package dev.espalier.engine.infer;

import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What two versions of a model are compared on: a few samples of a data set, and noise made of the
 * same samples, the elements of each input in a random order. So noise too holds no token and no
 * size that the model does not know. Nothing is kept between two calls.
 */
public final class TrialInputs {
  /** Samples where the model leaves the batch open. */
  private static final int SAMPLES = 4;

  private final BatchSource data;
  private final int[] chosen;
  private final long seed;

  private TrialInputs(BatchSource data, long seed, int... chosen) {
    this.data = data;
    this.seed = seed;
    this.chosen = chosen;
  }

  /**
   * Inputs for a model: samples at even distances of those given, as many as {@value #SAMPLES} or
   * as the model fixes.
   *
   * @param seed of the noise
   * @param samples of the data, at least one
   */
  public static TrialInputs of(Graph graph, BatchSource data, long seed, int... samples) {
    Chunks chunks = Chunks.of(graph).atMost(SAMPLES);
    int count = Math.min(chunks.size(), samples.length);
    int[] spread = new int[count];
    Arrays.setAll(spread, i -> samples[(int) ((long) i * samples.length / count)]);
    return new TrialInputs(data, seed, chunks.at(0, spread));
  }

  /** The samples, then the noise; lent until the data are asked for their next batch. */
  public List<Map<String, Tensor>> batches() {
    Map<String, Tensor> real = data.batch(chosen).inputs();
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Tensor> noise = new LinkedHashMap<>();
    real.keySet().stream()
        .sorted()
        .forEach(name -> noise.put(name, shuffled(real.get(name), random)));
    return List.of(real, noise);
  }

  private static Tensor shuffled(Tensor tensor, SplittableRandom random) {
    Tensor copy = tensor.copy();
    ByteBuffer bytes = copy.bytes();
    int width = copy.type().bytes();
    byte[] one = new byte[width];
    byte[] other = new byte[width];
    for (int i = copy.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      bytes.get(i * width, one).get(j * width, other);
      bytes.put(i * width, other).put(j * width, one);
    }
    return copy;
  }
}
