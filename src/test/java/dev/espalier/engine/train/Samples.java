package dev.espalier.engine.train;

import dev.espalier.contract.Task;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Samples held in memory. */
record Samples(Tensor x, Tensor y) implements BatchSource {

  /** Noisy copies of one random prototype per class: easy to learn, impossible by chance. */
  static Samples prototypes(int samples, int classes, long... sample) {
    Random random = new Random(7);
    int width = (int) Tensor.elements(sample);
    long[] shape =
        IntStream.range(0, sample.length + 1)
            .mapToLong(i -> i == 0 ? samples : sample[i - 1])
            .toArray();
    float[] prototypes = Models.normal(random, 1, classes, width).toFloats();
    Tensor x = Models.normal(random, 0.7, shape);
    Tensor y = Tensor.zeros(DataType.INT64, samples);
    for (int s = 0; s < samples; s++) {
      int label = random.nextInt(classes);
      y.longs().put(s, label);
      for (int i = 0; i < width; i++) {
        int at = s * width + i;
        x.floats().put(at, x.floats().get(at) + prototypes[label * width + i]);
      }
    }
    return new Samples(x, y);
  }

  @Override
  public Task task() {
    return Task.CLASSIFICATION;
  }

  @Override
  public int samples() {
    return (int) y.dimension(0);
  }

  @Override
  public Batch batch(int... indices) {
    return new Batch(Map.of("x", rows(x, indices)), rows(y, indices));
  }

  private static Tensor rows(Tensor all, int... indices) {
    long[] shape = all.shape();
    int bytes = (int) (all.bytes().capacity() / shape[0]);
    shape[0] = indices.length;
    Tensor rows = Tensor.zeros(all.type(), shape);
    for (int i = 0; i < indices.length; i++) {
      rows.bytes().put(i * bytes, all.bytes(), indices[i] * bytes, bytes);
    }
    return rows;
  }
}
