package dev.espalier.engine.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.keras.KerasFixtures.Case;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights that lost channels: the configuration says so, and the model computes the same. */
class KerasResizeTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k24_functional.h5",
        "k214_variable_text.h5",
        "k29_odd_datasets.h5",
        "k3_functional.keras",
        "k3_deflated.keras"
      })
  void shouldComputeTheSameWhenChannelsThatGaveNothingAreRemoved(String name)
      throws IOException, OrtException {
    Case file = KerasFixtures.named(name);
    SourceModel model = KerasFixtures.open(file.file());
    Graph silenced = model.graph().with(ChannelRemoval.silenced(model.graph()));
    Map<String, Tensor> sliced = ChannelRemoval.removed(silenced);
    Path target = directory.resolve("smaller");

    model.write(sliced, target);

    Graph written = KerasFixtures.open(target).graph();
    assertThat(written.initializers().get("conv2d/kernel").shape()).containsExactly(3, 2, 3, 3);
    KerasFilesTest.assertSame(
        KerasFixtures.run(written, file.inputs()), KerasFixtures.run(silenced, file.inputs()));
    model.write(sliced, directory.resolve("again"));
    assertThat(Files.mismatch(target, directory.resolve("again"))).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"k213_nested.h5", "k3_nested.keras"})
  void shouldUpdateNestedModelsWhenTheirInputsShrink(String name) throws IOException, OrtException {
    Case file = KerasFixtures.named(name);
    SourceModel model = KerasFixtures.open(file.file());
    Graph silenced =
        model
            .graph()
            .with(
                ChannelRemoval.silenced(
                    model.graph(), "nested/inner_norm/gamma", "nested/inner_norm/beta"));
    Map<String, Tensor> sliced =
        ChannelRemoval.removed(
            silenced,
            List.of(
                "nested/inner_dense/kernel@1",
                "nested/inner_dense/bias@0",
                "nested/inner_norm/gamma@0",
                "nested/inner_norm/beta@0",
                "nested/inner_norm/moving_mean@0",
                "nested/inner_norm/moving_variance@0",
                "nested/nested_deep/deep_dense/kernel@0"));
    Path target = directory.resolve("smaller");

    model.write(sliced, target);

    Graph written = KerasFixtures.open(target).graph();
    KerasFilesTest.assertSame(
        KerasFixtures.run(written, file.inputs()), KerasFixtures.run(silenced, file.inputs()));
    String config = config(target);
    assertThat(config).contains("\"units\":4").contains("[null,4]");
  }

  @Test
  void shouldNameUnitsAndBuiltShapesInTheConfigurationWhenChannelsAreRemoved() throws IOException {
    SourceModel model = KerasFixtures.open(KerasFixtures.FILES.resolve("k3_functional.keras"));
    Path target = directory.resolve("smaller");

    model.write(ChannelRemoval.removed(model.graph()), target);

    assertThat(config(target)).contains("\"filters\":3").doesNotContain("\"filters\":4");
  }

  @Test
  void shouldLeaveOutTheOptimizerStateWhenItNoLongerFits() throws IOException {
    SourceModel model = KerasFixtures.open(KerasFixtures.FILES.resolve("k24_functional.h5"));
    Path target = directory.resolve("smaller");

    model.write(ChannelRemoval.removed(model.graph()), target);

    try (HdfFile file = new HdfFile(target)) {
      assertThat(file.getChildren().keySet()).containsExactly("model_weights");
      assertThat(file.getAttributes().keySet())
          .contains("model_config", "training_config", "keras_version", "backend");
    }
  }

  @Test
  void shouldKeepTheUserBlockWhenTheFileIsWrittenAnew() throws IOException {
    byte[] original = Files.readAllBytes(KerasFixtures.FILES.resolve("k29_user_block.h5"));
    original[0] = '#';
    Path file = Files.write(directory.resolve("with-block"), original);
    SourceModel model = KerasFixtures.open(file);
    Path target = directory.resolve("smaller");

    model.write(
        ChannelRemoval.removed(
            model.graph(), List.of("dense/kernel@1", "dense/bias@0", "dense_1/kernel@0")),
        target);

    assertThat(Files.readAllBytes(target)).startsWith((byte) '#');
    assertThat(KerasFixtures.open(target).graph().initializers().get("dense/bias").shape())
        .containsExactly(3);
    try (HdfFile read = new HdfFile(target)) {
      assertThat(read.getUserBlockSize()).isEqualTo(1024);
    }
  }

  @Test
  void shouldWriteNothingWhenWeightsDoNotFitEachOther() throws IOException {
    SourceModel model = KerasFixtures.open(KerasFixtures.FILES.resolve("k24_functional.h5"));
    Map<String, Tensor> half =
        ChannelRemoval.removed(model.graph(), ChannelRemoval.CHANNELS.subList(0, 6));

    assertThatThrownBy(() -> model.write(half, directory.resolve("broken")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("conv2d_1/kernel");

    assertThat(directory.toFile().list()).isEmpty();
  }

  private static String config(Path file) throws IOException {
    byte[] head = Files.readAllBytes(file);
    if (head[0] != 'P') {
      try (HdfFile hdf = new HdfFile(file)) {
        return hdf.getAttribute("model_config").getData().toString();
      }
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] json = zip.getInputStream(zip.getEntry("config.json")).readAllBytes();
      return new String(json, StandardCharsets.UTF_8);
    }
  }
}
