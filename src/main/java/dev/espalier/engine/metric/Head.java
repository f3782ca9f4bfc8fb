package dev.espalier.engine.metric;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.ValueInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The output that is judged, a model's first, and what its numbers are: the {@link FinalActivation}
 * that makes them decides.
 *
 * @param output its name
 * @param kind what its numbers are
 * @param dimensions as the graph declares them, {@link ValueInfo#UNKNOWN} where it does not
 * @param alone whether the model has no other output
 * @param unclear why nobody can tell whether its numbers are probabilities; absent when it shows
 */
public record Head(
    String output, Kind kind, List<Long> dimensions, boolean alone, @Nullable String unclear) {
  private static final float PROBABILITY = 0.5f;

  /** What an output's numbers are. */
  public enum Kind {
    /** Probabilities of classes that exclude each other. */
    SOFTMAX,
    /** Their logarithms. */
    LOG_SOFTMAX,
    /** Probabilities, each for itself. */
    SIGMOID,
    /** Anything: logits of a classifier, predictions of a regression. */
    RAW
  }

  /** Copies the dimensions. */
  public Head {
    dimensions = List.copyOf(dimensions);
  }

  /**
   * The head of a model.
   *
   * @throws Refusal {@code model-malformed} when it has no output
   */
  public static Head of(Graph graph) {
    if (graph.outputs().isEmpty()) {
      throw new Refusal(ReasonCode.MODEL_MALFORMED, "the model has no output");
    }
    ValueInfo output = graph.outputs().get(0);
    FinalActivation last = FinalActivation.of(graph);
    return new Head(
        output.name(),
        last.kind(),
        output.dimensions(),
        graph.outputs().size() == 1,
        last.unclear());
  }

  /** Numbers per sample, or {@link ValueInfo#UNKNOWN} when the graph does not say. */
  public long declaredWidth() {
    if (dimensions.isEmpty() || dimensions.stream().skip(1).anyMatch(d -> d < 0)) {
      return ValueInfo.UNKNOWN;
    }
    return dimensions.stream().skip(1).reduce(1L, Math::multiplyExact);
  }

  /** Whether a number of its own says yes: above 0.5 for a probability, above 0 for a logit. */
  boolean positive(float value) {
    return value > (kind == Kind.SIGMOID ? PROBABILITY : 0f);
  }

  /**
   * The class that an output means: the largest column, the first of equals; of a single column,
   * class 1 when it is {@link #positive}. −1 when a value is not a number.
   */
  int decide(float[] output) {
    int best = 0;
    for (int c = 0; c < output.length; c++) {
      if (Float.isNaN(output[c])) {
        return -1;
      }
      if (output[c] > output[best]) {
        best = c;
      }
    }
    return output.length > 1 ? best : positive(output[0]) ? 1 : 0;
  }
}
