package dev.espalier.engine.format.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.RuntimeProbe;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.ModelProto;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sparse initializers are read like dense ones and stay sparse. */
class SparseTensorsTest {
  @TempDir Path directory;

  @Test
  void shouldStaySparseWhenMoreWeightsGo() throws Exception {
    ExportedModel model = ExportedModel.named("sparse");
    SourceModel source = model.open();
    Path target = directory.resolve("sparser.onnx");
    String name = graph(model.file()).getSparseInitializer(0).getValues().getName();
    Tensor pruned = source.graph().initializers().get(name).copy();
    for (int i = 0; i < pruned.size() / 2; i++) {
      pruned.floats().put(i, 0f);
    }

    source.write(Map.of(name, pruned), target);

    GraphProto written = graph(target);
    assertThat(written.getSparseInitializerCount()).isEqualTo(1);
    assertThat(Files.size(target)).isLessThan(Files.size(model.file()));
    Graph read = read(target);
    assertThat(read.initializers().get(name).bytes()).isEqualTo(pruned.bytes());
    assertThat(first(target, model))
        .containsExactly(first(RuntimeProbe.run(read, model.inputs())), within(model.tolerance()));
  }

  private static float[] first(Path file, ExportedModel model) throws Exception {
    return first(RuntimeProbe.run(Files.readAllBytes(file), model.inputs()));
  }

  private static float[] first(Map<String, Tensor> outputs) {
    return outputs.values().iterator().next().toFloats();
  }

  private static Graph read(Path file) throws IOException {
    return FormatDetector.open(file, null, FormatLimits.defaults()).graph();
  }

  private static GraphProto graph(Path file) throws IOException {
    return ModelProto.parseFrom(Files.readAllBytes(file)).getGraph();
  }
}
