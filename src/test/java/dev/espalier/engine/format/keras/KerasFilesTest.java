package dev.espalier.engine.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.keras.KerasFixtures.Case;
import dev.espalier.engine.format.keras.KerasFixtures.Values;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every container and layout: read right, given back with nothing but the weights changed. */
class KerasFilesTest {
  private static final float TOLERANCE = 1e-4f;

  @TempDir Path directory;

  static List<Case> files() throws IOException {
    return KerasFixtures.all();
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldGiveTheOutputsOfAnIndependentReaderWhenOpened(Case file)
      throws IOException, OrtException {
    SourceModel model = KerasFixtures.open(file.file());

    List<Values> outputs = KerasFixtures.run(model.graph(), file.inputs());

    assertSame(outputs, file.outputs());
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldHoldTheChangedWeightsAndNoOthersWhenWritten(Case file) throws IOException {
    SourceModel model = KerasFixtures.open(file.file());
    Map<String, Tensor> changed = halved(model.graph());
    Path target = directory.resolve("pruned");

    model.write(changed, target);

    Graph written = KerasFixtures.open(target).graph();
    Graph expected = model.graph().with(changed);
    assertThat(written.nodes()).isEqualTo(expected.nodes());
    assertThat(written.parameters()).isEqualTo(expected.parameters());
    expected
        .initializers()
        .forEach(
            (name, tensor) ->
                assertThat(written.initializers().get(name).bytes())
                    .as(name)
                    .isEqualTo(tensor.bytes()));
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldGiveTheSameBytesWhenWrittenTwice(Case file) throws IOException {
    SourceModel model = KerasFixtures.open(file.file());
    Map<String, Tensor> changed = halved(model.graph());

    model.write(changed, directory.resolve("first"));
    model.write(changed, directory.resolve("second"));

    assertThat(Files.mismatch(directory.resolve("first"), directory.resolve("second")))
        .isEqualTo(-1);
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("first", "second");
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldBeTheSameFileWhenNothingChanges(Case file) throws IOException {
    SourceModel model = KerasFixtures.open(file.file());

    model.write(Map.of(), directory.resolve("same"));

    boolean isRepacked = file.name().equals("k3_deflated.keras");
    assertThat(Files.mismatch(file.file(), directory.resolve("same")) == -1)
        .isNotEqualTo(isRepacked);
  }

  @Test
  void shouldChangeNoByteOutsideTheTensorWhenItLiesInOnePiece() throws IOException {
    Path file = KerasFixtures.FILES.resolve("k24_functional.h5");
    SourceModel model = KerasFixtures.open(file);
    Tensor kernel = model.graph().initializers().get("conv2d/kernel");
    Tensor negated = kernel.copy();
    for (int i = 0; i < negated.size(); i++) {
      negated.bytes().putFloat(i * Float.BYTES, -kernel.bytes().getFloat(i * Float.BYTES));
    }

    model.write(Map.of("conv2d/kernel", negated), directory.resolve("pruned"));

    byte[] before = Files.readAllBytes(file);
    byte[] after = Files.readAllBytes(directory.resolve("pruned"));
    List<Long> differing = new ArrayList<>();
    for (int i = 0; i < before.length; i++) {
      if (before[i] != after[i]) {
        differing.add((long) i);
      }
    }
    try (HdfFile hdf = new HdfFile(file)) {
      io.jhdf.dataset.ContiguousDatasetImpl dataset =
          (io.jhdf.dataset.ContiguousDatasetImpl)
              hdf.getDatasetByPath("model_weights/conv2d/conv2d/kernel:0");
      long start = dataset.getDataAddress();
      assertThat(differing)
          .hasSize(kernel.size())
          .allMatch(at -> at >= start && at < start + dataset.getSizeInBytes());
    }
  }

  @Test
  void shouldKeepEverythingElseReadableByAnotherReaderWhenWrittenAnew() throws IOException {
    Path file = KerasFixtures.FILES.resolve("k29_odd_datasets.h5");
    SourceModel model = KerasFixtures.open(file);
    Map<String, Tensor> changed = halved(model.graph());
    Path target = directory.resolve("pruned");

    model.write(changed, target);

    List<String> touched = changed.keySet().stream().map(name -> "/" + name + ":0").toList();
    try (HdfFile before = new HdfFile(file);
        HdfFile after = new HdfFile(target)) {
      assertThat(compare(before, after, touched)).isGreaterThan(20);
    }
  }

  /** Compares groups, attributes and datasets; returns how many nodes there were. */
  private static int compare(Group before, Group after, List<String> touched) {
    assertThat(after.getChildren().keySet()).isEqualTo(before.getChildren().keySet());
    int nodes = 1;
    for (Node node : before) {
      Node other = after.getChild(node.getName());
      assertThat(attributes(other)).as(node.getPath()).isEqualTo(attributes(node));
      if (node instanceof Group group) {
        nodes += compare(group, (Group) other, touched);
      } else {
        Dataset dataset = (Dataset) node;
        Dataset written = (Dataset) other;
        assertThat(written.getDimensions()).isEqualTo(dataset.getDimensions());
        assertThat(written.getDataType().getClass()).isEqualTo(dataset.getDataType().getClass());
        assertThat(written.getDataType().getSize()).isEqualTo(dataset.getDataType().getSize());
        if (touched.stream().noneMatch(dataset.getPath()::endsWith)) {
          assertThat(written.getData()).as(node.getPath()).isEqualTo(dataset.getData());
        }
        nodes++;
      }
    }
    return nodes;
  }

  private static Map<String, List<Object>> attributes(Node node) {
    Map<String, List<Object>> all = new LinkedHashMap<>();
    for (Map.Entry<String, Attribute> entry : node.getAttributes().entrySet()) {
      Attribute attribute = entry.getValue();
      Object data = attribute.isEmpty() ? "empty" : attribute.getData();
      all.put(
          entry.getKey(),
          List.of(
              attribute.getJavaType(),
              java.util.Arrays.toString(attribute.getDimensions()),
              data instanceof Object[] array ? List.of(array) : data));
    }
    return all;
  }

  static void assertSame(List<Values> actual, List<Values> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int output = 0; output < expected.size(); output++) {
      assertThat(actual.get(output).shape()).isEqualTo(expected.get(output).shape());
      for (int i = 0; i < expected.get(output).elements().size(); i++) {
        assertThat(actual.get(output).elements().get(i))
            .as("output %d, element %d", output, i)
            .isCloseTo(expected.get(output).elements().get(i), within(TOLERANCE));
      }
    }
  }

  /** Every kernel with the weights of smaller magnitude zeroed. */
  static Map<String, Tensor> halved(Graph graph) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    for (Parameter parameter : graph.prunable()) {
      float[] weights = graph.tensor(parameter).toFloats();
      float[] magnitudes = new float[weights.length];
      for (int i = 0; i < weights.length; i++) {
        magnitudes[i] = Math.abs(weights[i]);
      }
      java.util.Arrays.sort(magnitudes);
      for (int i = 0; i < weights.length; i++) {
        weights[i] = Math.abs(weights[i]) < magnitudes[magnitudes.length / 2] ? 0 : weights[i];
      }
      changed.put(parameter.tensor(), Tensor.of(weights, graph.tensor(parameter).shape()));
    }
    return changed;
  }
}
