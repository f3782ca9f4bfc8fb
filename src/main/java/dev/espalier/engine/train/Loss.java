package dev.espalier.engine.train;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;

/** What training minimises: the mean of a function of outputs and targets, with its gradient. */
sealed interface Loss
    permits Distillation,
        MeanSquaredError,
        SigmoidCrossEntropy,
        SigmoidDivergence,
        SoftmaxCrossEntropy,
        SoftmaxDivergence {
  /**
   * Writes the gradient of the outputs the loss is bound to.
   *
   * @param targets class of each sample, int64 [n]; or float numbers, as many as outputs: values,
   *     or what another model says
   * @return the mean loss
   * @throws Refusal {@code labels-invalid} or {@code data-mismatch} when targets do not fit
   */
  double evaluate(Tensor targets);

  /**
   * The class of a sample.
   *
   * @param classes number of classes
   * @throws Refusal {@code labels-invalid} when it is none of them
   */
  static int label(long label, int classes) {
    if (label < 0 || label >= classes) {
      throw new Refusal(
          ReasonCode.LABELS_INVALID,
          "label %d in the training data, but the model has %d classes: labels are 0 to %d"
              .formatted(label, classes, classes - 1));
    }
    return (int) label;
  }

  /**
   * Requires as many numbers as the outputs are.
   *
   * @throws Refusal {@code data-mismatch}
   */
  static void requireNumbers(Tensor targets, Tensor outputs) {
    if (targets.type() != DataType.FLOAT || targets.size() != outputs.size()) {
      throw new Refusal(
          ReasonCode.DATA_MISMATCH,
          "the training data have targets %s for outputs %s; give one number for each"
              .formatted(targets, outputs));
    }
  }
}
