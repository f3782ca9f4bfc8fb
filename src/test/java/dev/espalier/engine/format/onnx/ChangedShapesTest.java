package dev.espalier.engine.format.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.engine.format.RuntimeProbe;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.onnx.proto.ModelProto;
import dev.espalier.engine.format.onnx.proto.ValueInfoProto;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Channels cut out of a network by hand; the file says so throughout. The network: a convolution, a
 * depthwise one whose result is the second output, a pointwise one, flatten (16 places a channel),
 * linear.
 */
class ChangedShapesTest {
  private static final Set<Integer> GONE = Set.of(2, 5);
  private static final int PLACES = 16;

  @TempDir Path directory;

  @Test
  void shouldComputeWhatMaskedChannelsDoWhenTheyAreCutOut() throws Exception {
    ExportedModel model = ExportedModel.named("mobile-fixed-batch");
    SourceModel source = model.open();
    Path target = directory.resolve("cut.onnx");

    source.write(cut(source.graph()), target);

    byte[] file = Files.readAllBytes(target);
    Map<String, Tensor> cut = RuntimeProbe.run(file, model.inputs());
    Map<String, Tensor> masked =
        RuntimeProbe.run(
            OnnxSerializer.serialize(source.graph().with(masked(source.graph()))), model.inputs());
    assertThat(cut.get("logits").toFloats())
        .containsExactly(masked.get("logits").toFloats(), within(1e-5f));
    assertThat(cut.get("features").toFloats())
        .containsExactly(features(masked.get("features").toFloats()), within(1e-5f));
    assertThat(dimensions(file))
        .isEqualTo(Map.of("logits", List.of(4L, 5L), "features", List.of(4L, 6L, 4L, 4L)));
  }

  @Test
  void shouldGiveTheSameBytesWhenWrittenTwice() throws Exception {
    SourceModel source = ExportedModel.named("mobile-fixed-batch").open();

    source.write(cut(source.graph()), directory.resolve("a.onnx"));
    source.write(cut(source.graph()), directory.resolve("b.onnx"));

    assertThat(directory.resolve("a.onnx")).hasSameBinaryContentAs(directory.resolve("b.onnx"));
  }

  static Map<String, Tensor> cut(Graph graph) {
    Map<String, Tensor> changed = new HashMap<>();
    for (String name : List.of("expand", "depthwise")) {
      changed.put(name + ".weight", along(0, graph.initializers().get(name + ".weight")));
      changed.put(name + ".bias", along(0, graph.initializers().get(name + ".bias")));
    }
    changed.put("project.weight", along(1, graph.initializers().get("project.weight")));
    return changed;
  }

  /** Zeroes, in the depthwise convolution, what the cut takes out: what follows reads zeros. */
  private static Map<String, Tensor> masked(Graph graph) {
    Map<String, Tensor> changed = new HashMap<>();
    for (String name : List.of("depthwise.weight", "depthwise.bias")) {
      Tensor tensor = graph.initializers().get(name).copy();
      int perChannel = tensor.size() / 8;
      for (int channel : GONE) {
        for (int i = 0; i < perChannel; i++) {
          tensor.floats().put(channel * perChannel + i, 0f);
        }
      }
      changed.put(name, tensor);
    }
    return changed;
  }

  /** A tensor without the channels that are gone, of eight along an axis. */
  private static Tensor along(int axis, Tensor tensor) {
    long[] shape = tensor.shape();
    int inner = 1;
    for (int i = axis + 1; i < shape.length; i++) {
      inner *= (int) shape[i];
    }
    int width = inner;
    shape[axis] -= GONE.size();
    int[] kept =
        IntStream.range(0, tensor.size())
            .filter(i -> !GONE.contains(i / width % (int) tensor.dimension(axis)))
            .toArray();
    float[] values = new float[kept.length];
    for (int i = 0; i < kept.length; i++) {
      values[i] = tensor.floats().get(kept[i]);
    }
    return Tensor.of(values, shape);
  }

  private static float[] features(float... values) {
    Tensor tensor = Tensor.of(values, 4, 8, PLACES);
    return along(1, tensor).toFloats();
  }

  private static Map<String, List<Long>> dimensions(byte[] file) throws Exception {
    Map<String, List<Long>> dimensions = new HashMap<>();
    for (ValueInfoProto output : ModelProto.parseFrom(file).getGraph().getOutputList()) {
      dimensions.put(
          output.getName(),
          output.getType().getTensorType().getShape().getDimList().stream()
              .map(dimension -> dimension.getDimValue())
              .toList());
    }
    return dimensions;
  }
}
