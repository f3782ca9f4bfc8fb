package dev.espalier.engine.data;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.metric.Head;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the model should say about each sample. */
sealed interface Targets {

  /**
   * The targets that an array holds.
   *
   * @param task what they mean, found out by {@link TaskInference} when null
   * @throws Refusal {@code labels-invalid} when they do not mean that
   */
  static Targets of(Rows y, @Nullable Task task, Head head) {
    Task meant = task == null ? TaskInference.infer(y, head) : task;
    return switch (meant) {
      case CLASSIFICATION -> new Classes(Labels.of(y));
      case MULTILABEL, REGRESSION -> Values.of(meant, y, head);
    };
  }

  /** What they mean. */
  Task task();

  /** Number of samples. */
  int samples();

  /** A batch of {@code size} targets, not filled yet. */
  Tensor allocate(int size);

  /** Fills a batch with the targets of the samples at {@code indices}. */
  void gather(Tensor batch, int... indices);

  /** Class index of a sample, or 0 where there is none. */
  int label(int sample);

  /**
   * Checks that the model can give such targets.
   *
   * @param width numbers per sample that the model gives
   * @throws Refusal {@code labels-invalid} or {@code data-mismatch}
   */
  void requireWidth(int width);

  /** Class indices, one a sample. */
  final class Classes implements Targets {
    private final int[] labels;

    Classes(int... labels) {
      this.labels = labels;
    }

    @Override
    public Task task() {
      return Task.CLASSIFICATION;
    }

    @Override
    public int samples() {
      return labels.length;
    }

    @Override
    public Tensor allocate(int size) {
      return Tensor.zeros(DataType.INT64, size);
    }

    @Override
    public void gather(Tensor batch, int... indices) {
      var into = batch.longs();
      for (int index : indices) {
        into.put(labels[index]);
      }
    }

    @Override
    public int label(int sample) {
      return labels[sample];
    }

    @Override
    public void requireWidth(int width) {
      Labels.requireBelow(Math.max(2, width), labels);
    }
  }

  /** Numbers. */
  final class Values implements Targets {
    private final Task task;
    private final Feature feature;
    private final int width;

    private Values(Task task, Feature feature, int width) {
      this.task = task;
      this.feature = feature;
      this.width = width;
    }

    static Values of(Task task, Rows y, Head head) {
      if (task == Task.MULTILABEL) {
        Labels.requireZeroOrOne(y);
      }
      if (head.declaredWidth() != ValueInfo.UNKNOWN) {
        // Throws when the values do not come in the order of the model's.
        InputLayout.sampleShape(new ValueInfo("y", DataType.FLOAT, head.dimensions()), y.shape());
      }
      ValueInfo flat = new ValueInfo("y", DataType.FLOAT, List.of(-1L, (long) y.width()));
      return new Values(task, Feature.flat(flat, y), y.width());
    }

    @Override
    public Task task() {
      return task;
    }

    @Override
    public int samples() {
      return feature.samples();
    }

    @Override
    public Tensor allocate(int size) {
      return feature.allocate(size);
    }

    @Override
    public void gather(Tensor batch, int... indices) {
      feature.gather(batch, indices);
    }

    @Override
    public int label(int sample) {
      return 0;
    }

    @Override
    public void requireWidth(int model) {
      if (model != width) {
        throw new Refusal(
            ReasonCode.DATA_MISMATCH,
            "y has %d values for each sample and the model gives %d; they must be as many"
                .formatted(width, model));
      }
    }
  }
}
