package dev.espalier.engine.metric;

import java.util.BitSet;

/** Counts the samples that a rule finds right. */
final class Hits implements Meter {
  /** Whether an output is right. */
  interface Rule {
    boolean right(float[] output, float[] target);
  }

  private final Rule rule;
  private final BitSet right;
  private final int samples;

  Hits(int samples, Rule rule) {
    this.rule = rule;
    this.right = new BitSet(samples);
    this.samples = samples;
  }

  /** The class decided on is the target's. */
  static Rule top1(Head head) {
    return (output, target) -> head.decide(output) == (int) target[0];
  }

  /**
   * Fewer than {@code k} classes have a larger output than the target's; among equals the lower
   * class index comes first.
   */
  static Rule top(int k) {
    return (output, target) -> {
      int wanted = (int) target[0];
      int before = 0;
      for (int c = 0; c < output.length; c++) {
        if (Float.isNaN(output[c])) {
          return false;
        }
        if (output[c] > output[wanted] || (output[c] == output[wanted] && c < wanted)) {
          before++;
        }
      }
      return before < k;
    };
  }

  /** Every label is as the target says (exact match ratio, or subset accuracy). */
  static Rule everyLabel(Head head) {
    return (output, target) -> {
      for (int label = 0; label < output.length; label++) {
        if (Float.isNaN(output[label]) || head.positive(output[label]) != target[label] > 0.5f) {
          return false;
        }
      }
      return true;
    };
  }

  @Override
  public void add(int place, float[] output, float[] target) {
    right.set(place, rule.right(output, target));
  }

  @Override
  public Proportion measurement() {
    return new Proportion(right, samples);
  }
}
