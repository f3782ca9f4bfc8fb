package dev.espalier.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.ClassDrop;
import dev.espalier.contract.Metric;
import dev.espalier.contract.Task;
import dev.espalier.engine.metric.Head;
import dev.espalier.engine.metric.Recalls;
import dev.espalier.engine.metric.Yardstick;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.util.CombinatoricsUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassHarmTest {
  private static final double LOST = 0;
  private static final double WON = 1;

  private final ClassHarm harm = new ClassHarm(0.05, 0.95);

  @Test
  void shouldCompareEachClassOnItsOwnSamples() {
    Models models = new Models(Task.CLASSIFICATION);
    models.samples(0, 80, WON, WON).samples(0, 20, WON, LOST);
    models.samples(1, 60, LOST, WON).samples(1, 40, LOST, LOST);

    List<ClassDrop> drops = harm.compare(models.baseline, models.pruned);

    assertThat(drops).extracting(ClassDrop::index).containsExactly(0, 1);
    assertThat(drops).extracting(ClassDrop::samples).containsExactly(100L, 100L);
    assertThat(drops).extracting(ClassDrop::drop).containsExactly(0.2, -0.6);
    assertThat(harm.harms(drops.get(0))).isTrue();
    assertThat(harm.harms(drops.get(1))).isFalse();
  }

  @Test
  void shouldListButNotTestAClassOfFewerThanFiftySamples() {
    Models models = new Models(Task.CLASSIFICATION);
    models.samples(0, 49, WON, LOST).samples(1, 50, WON, LOST).samples(1, 1, WON, WON);

    List<ClassDrop> drops = harm.compare(models.baseline, models.pruned);

    assertThat(drops.get(0)).isEqualTo(new ClassDrop(0, 49, 1, null));
    assertThat(harm.harms(drops.get(0))).isFalse();
    assertThat(harm.harms(drops.get(1))).isTrue();
  }

  @Test
  void shouldAskMoreOfEachClassTheMoreThereAre() {
    Agreement table = new Agreement(450, 45, 5, 0);
    Map<Integer, Agreement> one = Map.of(0, table);
    Agreement same = new Agreement(490, 5, 5, 0);

    double alone = harm.bounds(one).get(0);
    double first = harm.bounds(Map.of(0, table, 1, same, 2, same, 3, same)).get(0);

    assertThat(first).isLessThan(alone);
    assertThat(first).isCloseTo(new ClassHarm(0.05, 1 - 0.05 / 4).bounds(one).get(0), within(1e-9));
  }

  /** The second class is only shown once the first has been: step-down, not Bonferroni. */
  @Test
  void shouldTestTheRestAtTheLevelThatIsLeftWhenOneIsHarmed() {
    ClassHarm strict = new ClassHarm(0.05, 0.95);
    Agreement clear = new Agreement(300, 200, 0, 0);
    Agreement near = null;
    for (int lost = 26; lost < 100 && near == null; lost++) {
      Agreement table = new Agreement(500 - lost, lost, 0, 0);
      boolean alone = strict.bounds(Map.of(0, table)).get(0) > 0.05;
      boolean ofTwo = new ClassHarm(0.05, 0.975).bounds(Map.of(0, table)).get(0) > 0.05;
      near = alone && !ofTwo ? table : null;
    }

    assertThat(strict.bounds(Map.of(0, clear, 1, near)).get(1)).isGreaterThan(0.05);
    assertThat(strict.bounds(Map.of(0, new Agreement(500, 0, 0, 0), 1, near)).get(1))
        .isLessThan(0.05);
  }

  @Test
  void shouldShowTheWorstOfVeryManyClasses() {
    Models models = new Models(Task.CLASSIFICATION);
    for (int c = 0; c < 1_200; c++) {
      models.samples(c, 50, WON, c == 777 ? LOST : WON);
    }

    List<ClassDrop> drops = harm.compare(models.baseline, models.pruned);

    assertThat(drops).hasSize(1_000);
    assertThat(drops).extracting(ClassDrop::index).contains(777).isSorted();
  }

  @Test
  void shouldCountTheSamplesOfALabelThatHoldsWithOthers() {
    Models models = new Models(Task.MULTILABEL);
    for (int i = 0; i < 60; i++) {
      models.add(new float[] {1, 1}, new float[] {3, 3}, new float[] {3, -3});
      models.add(new float[] {1, 0}, new float[] {3, 3}, new float[] {3, 3});
    }

    List<ClassDrop> drops = harm.compare(models.baseline, models.pruned);

    assertThat(drops).extracting(ClassDrop::samples).containsExactly(120L, 60L);
    assertThat(drops).extracting(ClassDrop::drop).containsExactly(0.0, 1.0);
  }

  /**
   * Classes that all dropped by exactly the tolerance: the worst case that is no harm. By the score
   * test alone it would be 7.2 % for ten classes.
   */
  @ParameterizedTest
  @CsvSource({"1, 50", "10, 100"})
  void shouldSeldomCallAnyClassHarmedThatIsNot(int classes, int samples) {
    assertThat(new FalseHarm(classes, samples, 0.05, 0.05, 0.1).ofAny()).isLessThanOrEqualTo(0.05);
    assertThat(new FalseHarm(classes, samples, 0.05, 0, 0.1).ofAny()).isLessThan(0.01);
  }

  /** What the score test alone would let through: the reason why the exact one has to agree. */
  @Test
  void shouldNotCallHarmedWhatTheExactTestDoesNotConfirm() {
    double level = 1 - 0.05 / 100;
    Agreement unsure = null;
    for (int lost = 30; lost < 80 && unsure == null; lost++) {
      Agreement table = new Agreement(500 - lost, lost, 0, 0);
      Agreement exchanged = new Agreement(500 - lost, 0, lost, 0);
      boolean score = -TangoTest.scoreBound(exchanged, level) > 0.05;
      unsure = score && !ExactScoreTest.exceeds(table, 0.05, level) ? table : null;
    }

    assertThat(unsure).isNotNull();
    assertThat(new ClassHarm(0.05, level).bounds(Map.of(0, unsure)).get(0)).isEqualTo(0.05);
  }

  /** Every table of a few samples, and the p-value by its definition on a fine grid. */
  @Test
  void shouldAgreeWithTheDefinitionOfTheExactTest() {
    int n = 12;
    double drop = 0.1;
    for (int b = 0; b <= n; b++) {
      for (int c = 0; b + c <= n; c++) {
        double worst = 0;
        for (int i = 0; i <= 200; i++) {
          worst = Math.max(worst, tail(n, i * (1 - drop) / 2 / 200, drop, b, c));
        }
        Agreement table = new Agreement(n - b - c, b, c, 0);
        if (worst < 0.04) {
          assertThat(ExactScoreTest.exceeds(table, drop, 0.95)).as("%s", table).isTrue();
        } else if (worst > 0.12) {
          assertThat(ExactScoreTest.exceeds(table, drop, 0.95)).as("%s", table).isFalse();
        }
      }
    }
  }

  private static double tail(int n, double q, double drop, int b, int c) {
    double observed = TangoTest.statistic(new Agreement(n - b - c, b, c, 0), drop);
    double sum = 0;
    for (int lost = 0; lost <= n; lost++) {
      for (int won = 0; lost + won <= n; won++) {
        Agreement table = new Agreement(n - lost - won, lost, won, 0);
        if (TangoTest.statistic(table, drop) >= observed - 1e-9) {
          sum +=
              CombinatoricsUtils.binomialCoefficient(n, lost)
                  * CombinatoricsUtils.binomialCoefficient(n - lost, won)
                  * Math.pow(q + drop, lost)
                  * Math.pow(q, won)
                  * Math.pow(1 - 2 * q - drop, n - lost - won);
        }
      }
    }
    return sum;
  }

  @Test
  void shouldSumWhatIsDrawn() {
    FalseHarm cell = new FalseHarm(3, 100, 0.05, 0.1, 0.14);

    assertThat(cell.simulated(4_000, 3)).isCloseTo(cell.ofAny(), within(0.025));
  }

  /** Two models that say different things of the same samples. */
  private static final class Models {
    private final Recalls baseline;
    private final Recalls pruned;

    Models(Task task) {
      Head head = new Head("y", Head.Kind.RAW, List.of(-1L, 2L), true, null);
      Yardstick yardstick = new Yardstick(Metric.ACCURACY, task, head);
      baseline = new Recalls(yardstick);
      pruned = new Recalls(yardstick);
    }

    Models samples(int ofClass, int number, double before, double after) {
      float[] target = {ofClass};
      for (int i = 0; i < number; i++) {
        add(target, said(ofClass, before), said(ofClass, after));
      }
      return this;
    }

    private static float[] said(int ofClass, double right) {
      float[] output = new float[1_300];
      output[right == WON ? ofClass : (ofClass + 1) % output.length] = 1;
      return output;
    }

    void add(float[] target, float[] before, float[] after) {
      baseline.add(0, before, target);
      pruned.add(0, after, target);
    }
  }
}
