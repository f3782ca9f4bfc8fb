package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Sha256;
import dev.espalier.contract.Task;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.checkpoint.Candidate;
import dev.espalier.engine.checkpoint.Checkpoints;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is removed stays +0, whatever trains the rest and whoever goes on from a checkpoint. */
class MaskedRecoveryTest {
  private static final Graph GRAPH = graph();
  private static final Samples DATA = Samples.prototypes(64, 3, 1, 8, 8);

  @TempDir private Path directory;

  private enum Removal {
    /** Single weights, as of an unstructured mask. */
    WEIGHTS {
      @Override
      boolean removes(Parameter parameter, int channel, int i, Random random) {
        return parameter.prunable() && random.nextInt(10) < 8;
      }
    },
    /** Two of four neighbours. */
    TWO_OF_FOUR {
      @Override
      boolean removes(Parameter parameter, int channel, int i, Random random) {
        return parameter.prunable() && (i % 4 == 0 || i % 4 == 3);
      }
    },
    /** Whole channels with all that belongs to them. */
    CHANNELS {
      @Override
      boolean removes(Parameter parameter, int channel, int i, Random random) {
        if (parameter.tensor().equals("fc.weight")) {
          return i % 54 / 9 % 2 == 0;
        }
        return !parameter.layer().equals("fc") && channel % 2 == 0;
      }
    };

    abstract boolean removes(Parameter parameter, int channel, int i, Random random);

    Map<String, Mask> masks() {
      Random random = new Random(11);
      Map<String, Mask> masks = new LinkedHashMap<>();
      for (Parameter parameter : GRAPH.parameters()) {
        if (Statistics.of(GRAPH).contains(parameter.tensor())) {
          continue;
        }
        Tensor tensor = GRAPH.tensor(parameter);
        int channelSize = tensor.size() / (int) tensor.dimension(0);
        masks.put(
            parameter.tensor(),
            mask(tensor.size(), i -> removes(parameter, i / channelSize, i, random)));
      }
      return masks;
    }

    private static Mask mask(int size, IntPredicate removed) {
      Mask mask = Mask.keepAll(size);
      for (int i = 0; i < size; i++) {
        if (removed.test(i)) {
          mask.remove(i);
        }
      }
      return mask;
    }
  }

  private record Case(String settings, Removal removal) {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (var optimizer : Policy.Recover.Optimizer.values()) {
      for (var rates : Policy.Recover.LearningRateSchedule.values()) {
        for (String clip : List.of("null", "0.5")) {
          for (String distill : List.of("null", "{temperature: 3, weight: 0.6}")) {
            for (Removal removal : Removal.values()) {
              cases.add(new Case(settings(optimizer, rates, clip, distill), removal));
            }
          }
        }
      }
    }
    return cases;
  }

  private static String settings(Enum<?> optimizer, Enum<?> rates, String clip, String distill) {
    return ("epochs: 2, batch: 32, learning-rate: 0.02, optimizer: %s, learning-rate-schedule: %s,"
            + " clip-norm: %s, distill: %s%s")
        .formatted(
            optimizer.name().toLowerCase(Locale.ROOT),
            rates.name().toLowerCase(Locale.ROOT),
            clip,
            distill,
            optimizer == Policy.Recover.Optimizer.ADAMW ? ", weight-decay: 0.1" : "");
  }

  private static Graph graph() {
    Attribute two = new Attribute.Ints(List.of(2L, 2L));
    return Models.of(1, 8, 8)
        .conv("conv", Map.of(), 6, 1, 3, 3)
        .parameter("norm.scale", Role.NORMALIZATION, 1, 6)
        .parameter("norm.shift", Role.NORMALIZATION, 1, 6)
        .parameter("norm.mean", Role.NORMALIZATION, 0, 6)
        .parameter("norm.variance", Role.NORMALIZATION, 0, 6)
        .then(
            "BatchNormalization",
            Map.of(),
            "norm.scale",
            "norm.shift",
            "norm.mean",
            "norm.variance")
        .then("Relu")
        .then("MaxPool", Map.of("kernel_shape", two, "strides", two))
        .then("Flatten")
        .then("Dropout")
        .dense("fc", 54, 3)
        .build();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldLeaveNoRemovedWeightNonZeroWhenRecoveredAndResumed(Case recovered) throws IOException {
    Map<String, Mask> masks = recovered.removal().masks();
    Policy.Recover settings = TestPolicies.recover(recovered.settings());
    Checkpoints checkpoints = new Checkpoints(directory, Sha256.of(new byte[0]));

    Map<String, Tensor> first = recover(settings, GRAPH.initializers(), masks, 1);
    checkpoints.write(new Candidate(1, masks, first, List.of()));
    Candidate resumed = checkpoints.newest().orElseThrow();
    Map<String, Tensor> second = recover(settings, resumed.weights(), resumed.masks(), 2);

    requireZeros(masks, first);
    requireZeros(masks, second);
    Map<String, Tensor> straight = recover(settings, first, masks, 2);
    straight.forEach(
        (name, tensor) -> assertThat(second.get(name).bytes()).isEqualTo(tensor.bytes()));
  }

  private static Map<String, Tensor> recover(
      Policy.Recover settings, Map<String, Tensor> weights, Map<String, Mask> masks, long seed) {
    try (Recovery recovery = new Recovery(GRAPH, Task.CLASSIFICATION, settings, 1)) {
      return recovery.run(weights, masks, DATA, seed, n -> {});
    }
  }

  private static void requireZeros(Map<String, Mask> masks, Map<String, Tensor> weights) {
    masks.forEach(
        (name, mask) -> {
          float[] before = GRAPH.initializers().get(name).toFloats();
          float[] values = weights.get(name).toFloats();
          int trained = 0;
          int zeros = 0;
          for (int i = 0; i < values.length; i++) {
            if (mask.kept(i)) {
              trained += values[i] == before[i] ? 0 : 1;
            } else {
              zeros += Float.floatToRawIntBits(values[i]) == 0 ? 1 : 0;
            }
          }
          assertThat(zeros).as("%s removed", name).isEqualTo(mask.size() - mask.keptCount());
          // Before a normalisation, a bias or a kernel's only weight has hardly any gradient.
          if (name.endsWith(".weight")) {
            assertThat(trained).as("%s trained", name).isGreaterThan(mask.keptCount() / 2);
          }
        });
  }
}
