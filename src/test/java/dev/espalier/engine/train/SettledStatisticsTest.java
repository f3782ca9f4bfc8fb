package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Task;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Running statistics after training, whatever momentum the nodes have. */
class SettledStatisticsTest {
  private static final int INPUTS = 20;
  private static final int UNITS = 5;
  private static final Samples DATA = Samples.prototypes(403, 5, INPUTS);

  @ParameterizedTest
  @CsvSource({
    "0.9, 4, 50", "0.99, 4, 50", "0.999, 4, 50",
    "0.9, 32, 12", "0.99, 32, 12", "0.999, 32, 12",
    "0.9, 403, 1", "0.99, 403, 1", "0.999, 403, 1",
  })
  void shouldBeTheMeansOverTheSettlingBatchesUnderTheFinalWeights(
      float momentum, int size, int settling) {
    Recorder data = new Recorder(new ArrayList<>());

    Map<String, Tensor> weights = train(normalised(momentum), data, size);

    List<Tensor> played = data.played();
    assertThat(played).hasSize(2 * ((403 + size - 1) / size) + settling);
    List<Tensor> settled = played.subList(played.size() - settling, played.size());
    for (int unit = 0; unit < UNITS; unit++) {
      double mean = 0;
      double variance = 0;
      for (Tensor batch : settled) {
        double[] outputs = outputs(weights, batch, unit);
        double first = 0;
        double second = 0;
        for (double output : outputs) {
          first += output / outputs.length;
          second += output * output / outputs.length;
        }
        mean += first / settling;
        variance += (second - first * first) / settling;
      }
      assertThat((double) weights.get("mean").floats().get(unit)).isCloseTo(mean, within(1e-4));
      assertThat((double) weights.get("variance").floats().get(unit))
          .isCloseTo(variance, within(1e-4 * (1 + variance)));
    }
  }

  @Test
  void shouldNotDependOnTheMomentumOfTheNodes() {
    Map<String, Tensor> usual = train(normalised(0.9f), DATA, 32);

    for (float momentum : new float[] {0, 0.99f, 0.999f, 1}) {
      train(normalised(momentum), DATA, 32)
          .forEach(
              (name, tensor) ->
                  assertThat(tensor.bytes())
                      .as("%s, momentum %s", name, momentum)
                      .isEqualTo(usual.get(name).bytes()));
    }
    Graph inference = InferenceForm.of(normalised(0.99f).with(usual));
    assertThat(Losses.of(inference, DATA).accuracy()).isGreaterThan(0.9);
  }

  @Test
  void shouldMoveByTheMomentumOfTheNodeWhileItTrains() {
    Graph graph = normalised(0.75f);
    Plan plan = new Plan(graph, Task.CLASSIFICATION);
    Parameters parameters = new Parameters(graph, plan.statistics());
    parameters.load(graph.initializers(), Map.of());
    Batch batch = DATA.batch(0, 1, 2, 3);
    Tape tape = new Tape(plan, parameters, Map.of("x", batch.inputs().get("x").shape()));

    tape.play(batch.inputs(), batch.targets(), new SplittableRandom(1));

    double mean = 0;
    for (double output : outputs(graph.initializers(), batch.inputs().get("x"), 0)) {
      mean += output / 4;
    }
    assertThat((double) parameters.copy().get("mean").floats().get(0))
        .isCloseTo(0.25 * mean, within(1e-5));
  }

  @Test
  void shouldBeMeasuredWithoutEpochsWhenWeightsBeforeThemChanged() {
    Graph graph = twice().with(train(twice(), DATA, 32));
    Map<String, Tensor> pruned = new HashMap<>(graph.initializers());
    pruned.put("fc2.weight", Tensor.zeros(DataType.FLOAT, UNITS, UNITS));

    Map<String, Tensor> measured = measure(graph, pruned, "epochs: 0, batch: 32");
    Map<String, Tensor> left = measure(graph, pruned, "epochs: 0, recalibrate-batch-norm: false");

    // The second layer says its bias of every sample.
    assertThat(measured.get("mean2").toFloats())
        .containsExactly(graph.initializers().get("fc2.bias").toFloats(), within(1e-5f));
    assertThat(measured.get("variance2").toFloats())
        .containsExactly(new float[UNITS], within(1e-5f));
    pruned.forEach(
        (name, tensor) -> {
          assertThat(left.get(name).bytes()).as(name).isEqualTo(tensor.bytes());
          if (!name.equals("mean2") && !name.equals("variance2")) {
            assertThat(measured.get(name).bytes()).as(name).isEqualTo(tensor.bytes());
          }
        });
  }

  @Test
  void shouldBeThoseOfTrainingWhenTheyAreNotMeasuredAgain() {
    Graph graph = normalised(1);
    Policy.Recover settings =
        TestPolicies.recover(
            "epochs: 2, learning-rate: 0.05, batch: 32, recalibrate-batch-norm: false");

    Map<String, Tensor> weights;
    try (Recovery recovery = new Recovery(graph, Task.CLASSIFICATION, settings, 1)) {
      weights = recovery.run(graph.initializers(), Map.of(), DATA, 1, n -> {});
    }

    // With a momentum of 1 they never move.
    assertThat(weights.get("mean").toFloats()).containsExactly(new float[UNITS], within(0f));
    assertThat(weights.get("fc1.weight").bytes())
        .isEqualTo(train(graph, DATA, 32).get("fc1.weight").bytes());
  }

  private static Map<String, Tensor> measure(
      Graph graph, Map<String, Tensor> weights, String fields) {
    Policy.Recover settings = TestPolicies.recover(fields);
    try (Recovery recovery = new Recovery(graph, Task.CLASSIFICATION, settings, 1)) {
      return recovery.run(weights, Map.of(), DATA, 1, n -> {});
    }
  }

  /** Two normalised layers, one after the other. */
  private static Graph twice() {
    Models models = Models.of(INPUTS);
    for (int layer = 1; layer <= 2; layer++) {
      models.dense("fc" + layer, layer == 1 ? INPUTS : UNITS, UNITS);
      List<String> names = new ArrayList<>();
      for (String name : List.of("scale", "shift", "mean", "variance")) {
        names.add(name + layer);
        int spread = name.startsWith("s") ? 1 : 0;
        models.parameter(name + layer, Role.NORMALIZATION, spread, UNITS);
      }
      models.then("BatchNormalization", names.toArray(String[]::new));
    }
    return models.build();
  }

  private static Map<String, Tensor> train(Graph graph, BatchSource data, int size) {
    Policy.Recover settings =
        TestPolicies.recover("epochs: 2, learning-rate: 0.05, batch: " + size);
    try (Recovery recovery = new Recovery(graph, Task.CLASSIFICATION, settings, 1)) {
      return recovery.run(graph.initializers(), Map.of(), data, 1, n -> {});
    }
  }

  private static Graph normalised(float momentum) {
    return Models.of(INPUTS)
        .dense("fc1", INPUTS, UNITS)
        .parameter("scale", Role.NORMALIZATION, 1, UNITS)
        .parameter("shift", Role.NORMALIZATION, 1, UNITS)
        .parameter("mean", Role.NORMALIZATION, 0, UNITS)
        .parameter("variance", Role.NORMALIZATION, 0, UNITS)
        .then(
            "BatchNormalization",
            Map.of("momentum", new Attribute.Real(momentum)),
            "scale",
            "shift",
            "mean",
            "variance")
        .dense("fc2", UNITS, 5)
        .build();
  }

  /** What the first layer says of each sample of a batch. */
  private static double[] outputs(Map<String, Tensor> weights, Tensor batch, int unit) {
    float[] w = weights.get("fc1.weight").toFloats();
    float[] x = batch.toFloats();
    double[] outputs = new double[x.length / INPUTS];
    for (int n = 0; n < outputs.length; n++) {
      outputs[n] = weights.get("fc1.bias").floats().get(unit);
      for (int i = 0; i < INPUTS; i++) {
        outputs[n] += (double) x[n * INPUTS + i] * w[unit * INPUTS + i];
      }
    }
    return outputs;
  }

  /** Remembers the inputs of the batches asked for. */
  private record Recorder(List<Tensor> played) implements BatchSource {
    @Override
    public Task task() {
      return DATA.task();
    }

    @Override
    public int samples() {
      return DATA.samples();
    }

    @Override
    public Batch batch(int... indices) {
      Batch batch = DATA.batch(indices);
      played.add(batch.inputs().get("x"));
      return batch;
    }
  }
}
