package dev.espalier.engine.infer;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;

/** What the shape of an output says. */
final class OutputShape {
  private OutputShape() {}

  /**
   * Numbers per sample of an output of {@code shape} for {@code rows} samples.
   *
   * @throws Refusal {@code data-mismatch} unless samples run along the first axis and, for classes,
   *     at most one other axis has more than one element
   */
  static int width(Task task, int rows, long... shape) {
    long[] sample = Arrays.stream(shape).skip(1).toArray();
    boolean classes = Arrays.stream(sample).filter(d -> d != 1).count() <= 1;
    boolean fits = shape.length > 0 && shape[0] == rows && Tensor.elements(sample) > 0;
    if (!fits || (task == Task.CLASSIFICATION && !classes)) {
      throw new Refusal(
          ReasonCode.DATA_MISMATCH,
          "the model's output for %d samples has shape %s; %s"
              .formatted(
                  rows,
                  Arrays.toString(shape),
                  task == Task.CLASSIFICATION
                      ? "a classifier gives [samples, classes]"
                      : "the samples must come first"));
    }
    return Math.toIntExact(Tensor.elements(sample));
  }
}
