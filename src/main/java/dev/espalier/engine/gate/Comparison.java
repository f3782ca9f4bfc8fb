package dev.espalier.engine.gate;

import dev.espalier.contract.ClassDrop;
import dev.espalier.contract.ModelResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two models compared on the verdict samples.
 *
 * @param baseline metric of the model as it came
 * @param pruned metric of the pruned model
 * @param drop how much worse the pruned model is, in the metric's unit; negative: better
 * @param upperBound one-sided upper confidence bound of the drop
 * @param allowed largest acceptable bound, in the metric's unit
 * @param test name of the statistical test
 * @param agreement paired predictions, when the metric is a proportion
 * @param classes what became of each class's recall, when that was compared
 * @param samples number of samples
 */
public record Comparison(
    double baseline,
    double pruned,
    double drop,
    double upperBound,
    double allowed,
    String test,
    ModelResult.@Nullable Agreement agreement,
    @Nullable List<ClassDrop> classes,
    long samples) {

  /** The same comparison with what became of each class. */
  Comparison with(List<ClassDrop> drops) {
    return new Comparison(
        baseline, pruned, drop, upperBound, allowed, test, agreement, drops, samples);
  }

  /** Whether the metric is kept. */
  public boolean kept() {
    return upperBound <= allowed;
  }
}
