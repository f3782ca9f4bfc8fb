package dev.espalier.engine.format.keras;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.keras.layer.LayerModels;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrozenWeightsTest {
  @TempDir private Path directory;

  /** Tensors that are frozen once these objects of the configuration are. */
  private Set<String> frozen(Path archive, String... pointers) throws IOException {
    JsonNode config = new ObjectMapper().readTree(KerasArchives.entry(archive, "config.json"));
    for (String pointer : pointers) {
      ((ObjectNode) config.at(pointer)).put("trainable", false);
    }
    byte[] weights = KerasArchives.entry(archive, "model.weights.h5");
    Path file =
        Files.write(
            directory.resolve("frozen.keras"),
            KerasArchives.archive(new ObjectMapper().writeValueAsBytes(config), weights));
    Graph graph = FormatDetector.open(file, null, FormatLimits.defaults()).graph();
    return graph.parameters().stream()
        .filter(Parameter::frozen)
        .map(Parameter::tensor)
        .collect(Collectors.toSet());
  }

  @Test
  void shouldBeThoseOfLayersThatAreNotTrainedWithTheirStatistics() throws IOException {
    Path functional = KerasFixtures.FILES.resolve("k3_functional.keras");

    assertThat(frozen(functional)).isEmpty();
    assertThat(frozen(functional, "/config/layers/1/config", "/config/layers/2/config"))
        .containsExactlyInAnyOrder(
            "conv2d/kernel",
            "conv2d/bias",
            "batch_normalization/gamma",
            "batch_normalization/beta",
            "batch_normalization/moving_mean",
            "batch_normalization/moving_variance");
  }

  @Test
  void shouldBeAllWithinAModelThatIsNotTrained() throws IOException {
    Set<String> frozen =
        frozen(KerasFixtures.FILES.resolve("k3_nested.keras"), "/config/layers/1/config");

    assertThat(frozen).isNotEmpty().allMatch(name -> name.startsWith("nested/"));
  }

  @Test
  void shouldBeThoseOfALayerThatIsNotTrainedWithinAnother() throws IOException {
    LayerModels.Case model =
        LayerModels.all().stream()
            .filter(c -> c.name().equals("time_distributed_dense_k3"))
            .findFirst()
            .orElseThrow();
    Path file = Files.write(directory.resolve("wrapped.keras"), model.model());

    assertThat(frozen(file, "/config/layers/1/config/layer/config")).hasSize(2);
  }
}
