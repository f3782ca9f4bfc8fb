package dev.espalier.engine.infer;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Times of two models' forward passes, measured in turns.
 *
 * @param runtime what ran them, and its version
 * @param batch samples per forward pass
 * @param before milliseconds of a forward pass of the first model, one entry per repetition
 * @param after the same of the second, each measured next to its counterpart
 */
public record Timings(String runtime, int batch, List<Double> before, List<Double> after) {
  /** Time of one measurement: many times what reading the clock and a thread switch cost. */
  private static final double TICK = 1e-3;

  /** Warm-up of each model: caches, memory pools and processor clock settle. */
  private static final double WARM_UP = 0.03;

  /** Seconds after which a slow model is warm. */
  private static final double LONGEST_WARM_UP = 5;

  private static final int WARM_UP_RUNS = 3;
  private static final double NANOS = 1e-9;
  private static final double NANOS_PER_MILLI = 1e6;

  /** Copies the lists. */
  public Timings {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /**
   * Measures two models on the same sample. A repetition is one measurement of each, and which
   * comes first changes from one to the next (A B, B A), so that a machine that grows slower or
   * faster slows or speeds both. A measurement is the mean of as many forward passes as take a
   * millisecond.
   *
   * @param worked told after each measurement
   * @return empty when ONNX Runtime does not run them, or the pace does not allow it
   */
  public static Optional<Timings> measure(
      Graph first, Graph second, BatchSource data, int threads, Pace pace, LongConsumer worked) {
    try (TimedModel a = TimedModel.open(first, data, threads);
        TimedModel b = TimedModel.open(second, data, threads)) {
      double seconds = warmUp(a, worked) + warmUp(b, worked);
      int runs = (int) Math.max(1, Math.ceil(2 * TICK / seconds));
      int repetitions = pace.repetitions(runs * seconds);
      if (repetitions == 0) {
        return Optional.empty();
      }
      List<Double> before = new ArrayList<>();
      List<Double> after = new ArrayList<>();
      for (int i = 0; i < repetitions; i++) {
        boolean turned = i % 2 == 1;
        double early = (turned ? b : a).run(runs) / NANOS_PER_MILLI / runs;
        worked.accept(1);
        double late = (turned ? a : b).run(runs) / NANOS_PER_MILLI / runs;
        worked.accept(1);
        before.add(turned ? late : early);
        after.add(turned ? early : late);
      }
      String runtime = "onnxruntime " + OrtEnvironment.getEnvironment().getVersion();
      return Optional.of(new Timings(runtime, TimedModel.batch(first, data), before, after));
    } catch (OrtException | Refusal e) {
      return Optional.empty();
    }
  }

  /** Runs a model until it has settled; returns the seconds of its last run. */
  private static double warmUp(TimedModel model, LongConsumer worked) throws OrtException {
    double spent = 0;
    double last = 0;
    for (int i = 0; (i < WARM_UP_RUNS || spent < WARM_UP) && spent < LONGEST_WARM_UP; i++) {
      last = model.run(1) * NANOS;
      spent += last;
      worked.accept(1);
    }
    return Math.max(last, NANOS);
  }
}
