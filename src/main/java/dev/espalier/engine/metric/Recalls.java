package dev.espalier.engine.metric;

import dev.espalier.contract.Task;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Who of each class was recognised: for classification the samples of a class that were assigned to
 * it, for labels that may hold together the samples of a label for which the model says yes. Cases
 * are numbered in the order of samples and, within one, of labels, so that the same samples give
 * two models the same cases.
 */
public final class Recalls implements Observer {
  private final boolean labels;
  private final Head head;
  private final BitSet right = new BitSet();
  private int[] classes = new int[1024];
  private int cases;

  /**
   * Before the first sample.
   *
   * @param yardstick of a task with classes
   */
  public Recalls(Yardstick yardstick) {
    if (yardstick.task() == Task.REGRESSION) {
      throw new IllegalArgumentException("a regression has no classes");
    }
    labels = yardstick.task() == Task.MULTILABEL;
    head = yardstick.head();
  }

  @Override
  public void add(int place, float[] output, float[] target) {
    if (!labels) {
      int wanted = (int) target[0];
      addCase(wanted, head.decide(output) == wanted);
      return;
    }
    for (int label = 0; label < target.length; label++) {
      if (target[label] > 0.5f) {
        addCase(label, head.positive(output[label]));
      }
    }
  }

  private void addCase(int ofClass, boolean recognised) {
    if (cases == classes.length) {
      classes = Arrays.copyOf(classes, 2 * cases);
    }
    classes[cases] = ofClass;
    right.set(cases++, recognised);
  }

  /** Number of cases. */
  public int cases() {
    return cases;
  }

  /** The class of a case. */
  public int classOf(int number) {
    return classes[number];
  }

  /** Whether a case was recognised. */
  public boolean right(int number) {
    return right.get(number);
  }
}
