package dev.espalier.engine.format.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Parameter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrozenParametersTest {
  @TempDir private Path directory;

  private List<String> frozen(Net net) throws IOException {
    Path file = net.save(directory.resolve("model.zip"));
    return FormatDetector.open(file, null, FormatLimits.defaults()).graph().parameters().stream()
        .filter(Parameter::frozen)
        .map(Parameter::source)
        .toList();
  }

  @Test
  void shouldBeThoseOfFrozenLayersWithTheirStatistics() throws IOException {
    Net net =
        Net.layers(
            InputType.feedForward(6),
            new FrozenLayer(Layers.dense(5)),
            new FrozenLayer(new BatchNormalization()),
            new FrozenLayerWithBackprop(Layers.dense(4)),
            Layers.dense(3),
            Layers.output());

    assertThat(frozen(net))
        .containsExactlyInAnyOrder(
            "0_W", "0_b", "1_gamma", "1_beta", "1_mean", "1_log10stdev", "2_W", "2_b");
  }

  @Test
  void shouldBeNoneWhenNoLayerIsFrozen() throws IOException {
    assertThat(frozen(Net.layers(InputType.feedForward(6), Layers.dense(3), Layers.output())))
        .isEmpty();
  }
}
