package dev.espalier.engine;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.infer.OnnxSession;
import dev.espalier.engine.metric.Measurement;
import dev.espalier.engine.metric.Meter;
import dev.espalier.engine.metric.NotANumber;
import dev.espalier.engine.metric.Observer;
import dev.espalier.engine.metric.Variety;
import dev.espalier.engine.metric.Yardstick;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Scores models on samples of one data set.
 *
 * @param data the samples
 * @param yardstick the metric
 * @param threads compute threads
 * @param monitor told of the samples scored
 */
record Scorer(Dataset data, Yardstick yardstick, int threads, Monitor monitor) {

  /**
   * The metric of a model.
   *
   * @throws NotANumber when it has none, because of what the model says
   */
  Measurement measure(Graph graph, int... samples) {
    return measure(graph, List.of(), samples);
  }

  /** The same for others to see too what the model says. */
  Measurement measure(Graph graph, List<? extends Observer> others, int... samples) {
    Meter meter = yardstick.meter(samples.length);
    try (OnnxSession session = OnnxSession.open(graph, threads, monitor::worked)) {
      session.measure(data, and(meter, others), samples);
    }
    return meter.measurement();
  }

  /**
   * The same for the model as it came, which must say something about every sample.
   *
   * @throws Refusal {@code model-malformed}
   */
  Measurement measureAsSubmitted(Graph graph, List<? extends Observer> others, int... samples) {
    Meter meter = yardstick.meter(samples.length);
    showSubmitted(graph, and(meter, others), samples);
    return meter.measurement();
  }

  private static List<Observer> and(Meter meter, List<? extends Observer> others) {
    return Stream.concat(Stream.of(meter), others.stream()).toList();
  }

  /**
   * The same, of a model that must tell samples apart.
   *
   * @throws Refusal {@code model-malformed}, or {@code data-mismatch} when it says the same of all
   */
  Measurement baseline(Graph graph, List<? extends Observer> others, int... samples) {
    Meter meter = yardstick.meter(samples.length);
    Variety variety = new Variety(yardstick);
    List<Observer> observers = new ArrayList<>(and(meter, others));
    observers.add(variety);
    showSubmitted(graph, observers, samples);
    variety.require();
    return meter.measurement();
  }

  /**
   * Shows several meters what the model as it came says.
   *
   * @throws Refusal {@code model-malformed}
   */
  void showSubmitted(Graph graph, List<? extends Observer> meters, int... samples) {
    try (OnnxSession session = OnnxSession.open(graph, threads, monitor::worked)) {
      session.measureSubmitted(data, meters, samples);
    } catch (NotANumber e) {
      throw new Refusal(ReasonCode.MODEL_MALFORMED, String.valueOf(e.getMessage()), e);
    }
  }
}
