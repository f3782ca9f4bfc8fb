package dev.espalier.engine.metric;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.util.ArrayList;
import java.util.List;

/**
 * Area under the ROC curve: the probability that a sample of a class scores higher than one of
 * another, ties counting half (the Mann–Whitney statistic; Hanley and McNeil 1982, Radiology
 * 143:29–36). One class against the others, unweighted mean over the classes that have samples both
 * in and outside them; two classes are one comparison.
 */
final class Auc implements Meter {
  /** Fewest samples in a class, and outside it, of the only comparison. */
  static final int FEWEST = 10;

  /** Most scores: each resample visits them all. */
  private static final long MOST_SCORES = 1 << 21;

  private final Head head;
  private final boolean labels;
  private final float[][] scores;
  private final float[][] targets;

  private Auc(int samples, Head head, boolean labels) {
    this.head = head;
    this.labels = labels;
    this.scores = new float[samples][];
    this.targets = new float[samples][];
  }

  static Auc ofClasses(int samples, Head head) {
    return new Auc(samples, head, false);
  }

  static Auc ofLabels(int samples, Head head) {
    return new Auc(samples, head, true);
  }

  @Override
  public void add(int place, float[] output, float[] target) {
    if ((long) output.length * scores.length > MOST_SCORES) {
      throw new Refusal(
          ReasonCode.GRAPH_TOO_LARGE,
          "auc of %d scores for each of %d samples is more than %d in all; use macro-f1 or loss"
              .formatted(output.length, scores.length, MOST_SCORES));
    }
    scores[place] = labels ? output.clone() : scores(output);
    for (float score : scores[place]) {
      if (Float.isNaN(score)) {
        throw new NotANumber(place);
      }
    }
    targets[place] = target.clone();
  }

  /** Scores that can be compared between samples; of two classes, that of the second. */
  private float[] scores(float[] output) {
    if (output.length == 1) {
      return output.clone();
    }
    if (output.length == 2) {
      return new float[] {output[1] - output[0]};
    }
    return head.kind() == Head.Kind.RAW ? softmax(output) : output.clone();
  }

  private static float[] softmax(float[] logits) {
    float largest = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = (float) (Math.exp(logits[i] - largest) / sum);
    }
    return probabilities;
  }

  @Override
  public Measurement measurement() {
    List<Ranking> rankings = new ArrayList<>();
    int columns = scores[0].length;
    for (int column = 0; column < columns; column++) {
      boolean[] positive = new boolean[scores.length];
      int count = 0;
      for (int i = 0; i < scores.length; i++) {
        positive[i] = positive(targets[i], column, columns);
        count += positive[i] ? 1 : 0;
      }
      int fewer = Math.min(count, scores.length - count);
      if (fewer >= (columns == 1 ? FEWEST : 1)) {
        rankings.add(new Ranking(column(column), positive));
      }
    }
    if (rankings.isEmpty()) {
      throw new Refusal(
          ReasonCode.DATA_TOO_FEW,
          "auc needs at least %d scored samples of either class; give more".formatted(FEWEST));
    }
    return new MeanRanking(List.copyOf(rankings), scores.length);
  }

  private boolean positive(float[] target, int column, int columns) {
    if (labels) {
      return target[column] > 0.5f;
    }
    return (int) target[0] == (columns == 1 ? 1 : column);
  }

  private float[] column(int column) {
    float[] values = new float[scores.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = scores[i][column];
    }
    return values;
  }

  /** The mean over classes. */
  private record MeanRanking(List<Ranking> rankings, int samples) implements Measurement {
    @Override
    public double value() {
      return rankings.stream().mapToDouble(Ranking::value).average().orElseThrow();
    }

    @Override
    public double value(int[] counts) {
      double sum = 0;
      int defined = 0;
      for (Ranking ranking : rankings) {
        double value = ranking.value(counts);
        if (!Double.isNaN(value)) {
          sum += value;
          defined++;
        }
      }
      return sum / defined;
    }

    @Override
    public double without(int sample) {
      return rankings.stream().mapToDouble(r -> r.without(sample)).average().orElseThrow();
    }
  }
}
