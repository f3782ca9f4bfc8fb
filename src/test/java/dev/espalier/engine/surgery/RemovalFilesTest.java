package dev.espalier.engine.surgery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file that other tests read, without random channels, in its own format and back. */
class RemovalFilesTest {
  private static final List<String> FOLDERS =
      List.of("networks", "onnx", "pytorch", "keras/files", "dl4j", "dl4j/versions");
  private static final List<String> MODELS = List.of(".onnx", ".h5", ".keras", ".zip");

  @TempDir Path directory;

  static List<Path> files() throws IOException, URISyntaxException {
    Path fixtures = Path.of(RemovalFilesTest.class.getResource("/fixtures").toURI());
    return FOLDERS.stream()
        .flatMap(folder -> listed(fixtures.resolve(folder)))
        .filter(file -> MODELS.stream().anyMatch(file.toString()::endsWith))
        .sorted()
        .toList();
  }

  private static Stream<Path> listed(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldReadBackWhatWasWrittenWhenChannelsAreRemoved(Path file) throws IOException {
    SourceModel model = FormatDetector.open(file, null, FormatLimits.defaults());
    Graph graph = model.graph();
    ChannelGroups groups = ChannelGroups.of(graph);
    assertThat(groups.groups().size() + groups.obstacles().size()).isPositive();
    if (groups.groups().isEmpty()) {
      return;
    }

    Graph removed = Removals.proven(graph, groups, Removals.random(groups, new Random(1)));
    Path target = directory.resolve("removed");
    model.write(changed(model, removed), target);

    Graph written = FormatDetector.open(target, model.format(), FormatLimits.defaults()).graph();
    assertThat(described(written)).isEqualTo(described(removed));
    assertThat(written.outputs()).isEqualTo(graph.outputs());
    assertThat(written.parameters()).isEqualTo(graph.parameters());
    removed.initializers().forEach((name, tensor) -> assertSame(name, tensor, written));
  }

  /** Nodes without the tensors in their attributes, which are equal only to themselves. */
  private static List<Node> described(Graph graph) {
    return graph.nodes().stream()
        .map(
            node -> {
              Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
              attributes.values().removeIf(Attribute.Value.class::isInstance);
              return new Node(
                  node.name(), node.operator(), node.inputs(), node.outputs(), attributes);
            })
        .toList();
  }

  private static void assertSame(String name, Tensor tensor, Graph written) {
    assertThat(written.initializers().get(name).shape()).as(name).isEqualTo(tensor.shape());
    assertThat(written.initializers().get(name).bytes()).as(name).isEqualTo(tensor.bytes());
  }

  /** In formats with layers, what is no parameter follows from the configuration. */
  private static Map<String, Tensor> changed(SourceModel model, Graph removed) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    removed
        .initializers()
        .forEach(
            (name, tensor) -> {
              boolean stored =
                  model.format() == ModelFormat.ONNX
                      || removed.parameters().stream().anyMatch(p -> p.tensor().equals(name));
              if (stored && tensor != model.graph().initializers().get(name)) {
                changed.put(name, tensor);
              }
            });
    return changed;
  }
}
