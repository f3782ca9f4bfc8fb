package dev.espalier.engine.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.engine.graph.Tensor;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CodebookTest {
  @Test
  void shouldTakeMeansOfClustersAndLeaveZerosWhenWeightsFallIntoGroups() {
    float[] weights = {-1.1f, 0, -0.9f, 2, 2.2f, 0, 5, -1, 2.1f, 5.2f};

    float[] shared = Codebook.quantize(Tensor.of(weights, 10), 3).toFloats();

    assertThat(shared)
        .containsExactly(row(-1, 0, -1, 2.1, 2.1, 0, 5.1, -1, 2.1, 5.1), within(1e-6f));
  }

  @Test
  void shouldKeepEveryWeightWhenThereAreNoMoreValuesThanAllowed() {
    float[] weights = {3, 0, -2, 3, 1e-3f, 0, -2};

    assertThat(Codebook.quantize(Tensor.of(weights, 7), 3).toFloats()).containsExactly(weights);
  }

  @Test
  void shouldBeAFixedPointOfLloydsIterationWhenWeightsAreNormal() {
    Random random = new Random(2);
    float[] weights = new float[20_000];
    for (int i = 0; i < weights.length; i++) {
      float weight = (float) random.nextGaussian();
      weights[i] = Math.abs(weight) > 1.6f ? weight : 0;
    }

    float[] shared = Codebook.quantize(Tensor.of(weights, 200, 100), 16).toFloats();

    TreeSet<Float> values = new TreeSet<>();
    double error = 0;
    double power = 0;
    for (int i = 0; i < weights.length; i++) {
      assertThat(shared[i] == 0).isEqualTo(weights[i] == 0);
      error += Math.pow(shared[i] - weights[i], 2);
      power += Math.pow(weights[i], 2);
      if (shared[i] != 0) {
        values.add(shared[i]);
      }
    }
    assertThat(values).hasSizeBetween(14, 16);
    // Sixteen levels over two tails of about one unit each: a step of an eighth, squared, by 12.
    assertThat(error / power).isLessThan(2e-3);
    for (float value : values) {
      double sum = 0;
      int members = 0;
      for (int i = 0; i < weights.length; i++) {
        if (shared[i] == value) {
          sum += weights[i];
          members++;
        }
        if (weights[i] != 0) {
          assertThat(Math.abs(weights[i] - shared[i]))
              .isLessThanOrEqualTo(Math.abs(weights[i] - value) + 1e-6f);
        }
      }
      assertThat(value).isCloseTo((float) (sum / members), within(1e-5f));
    }
  }

  @Test
  void shouldFlushSubnormalsWhenSharing() {
    float[] weights = {Float.MIN_VALUE, -1e-40f, 1, 2};

    assertThat(Codebook.quantize(Tensor.of(weights, 4), 2).toFloats()).containsExactly(0, 0, 1, 2);
  }

  private static float[] row(double... values) {
    float[] row = new float[values.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) values[i];
    }
    return row;
  }
}
