package dev.espalier.engine.format.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.RuntimeProbe;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.train.Trainability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every kind of layer and vertex, judged by Deeplearning4j itself. */
class KindsTest {
  private static final float TOLERANCE = 1e-4f;

  /** Deeplearning4j then computes with 11 bits. */
  private static final float HALF_TOLERANCE = 5e-3f;

  /**
   * Names of kinds that recovery cannot train: pooling by a norm, outputs folded into the batch.
   */
  private static final Set<String> EVALUATED_ONLY =
      Set.of("pooling by norm", "batch norm of time steps");

  @TempDir Path directory;

  static Stream<Kind> kinds() {
    return Stream.of(
            VectorKinds.all(),
            ConvolutionKinds.all(),
            ImageKinds.all(),
            SequenceKinds.all(),
            RecurrentKinds.all(),
            GraphKinds.all())
        .flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void shouldPredictAsDeeplearning4jBeforeAndAfterPruning(Kind kind) throws Exception {
    Net net = kind.network().get();
    SourceModel model = open(net.save(directory.resolve("model.zip")));

    requireSame(predictions(model.graph(), kind.draw()), net.output(kind.draw()), kind);
    assertThat(model.graph().parameters().stream().map(Parameter::source))
        .containsExactlyInAnyOrderElementsOf(net.parameters().keySet());

    List<String> obstacles =
        Trainability.obstacles(model.graph().sizedFor(fed(model.graph(), kind.draw())));
    if (EVALUATED_ONLY.stream().noneMatch(kind.name()::startsWith)) {
      assertThat(obstacles).isEmpty();
    }

    Map<String, Tensor> pruned = halfOfEveryKernelRemoved(model);
    Path target = directory.resolve("pruned.zip");
    model.write(pruned, target);

    Net loaded = Net.load(target);
    requireSame(
        loaded.output(kind.draw()), predictions(model.graph().with(pruned), kind.draw()), kind);
    Map<String, INDArray> before = net.parameters();
    Map<String, INDArray> after = loaded.parameters();
    before.forEach(
        (name, array) -> {
          if (pruned.containsKey(name)) {
            assertThat(zeros(after.get(name))).as(name).isEqualTo((array.length() + 1) / 2);
          } else {
            assertThat(Net.floats(after.get(name))).as(name).isEqualTo(Net.floats(array));
          }
        });
  }

  private static long zeros(INDArray array) {
    long zeros = 0;
    for (float value : Net.floats(array)) {
      zeros += value == 0 ? 1 : 0;
    }
    return zeros;
  }

  private static void requireSame(List<float[]> found, List<float[]> expected, Kind kind) {
    float tolerance = kind.name().equals("half") ? HALF_TOLERANCE : TOLERANCE;
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).containsExactly(expected.get(i), within(tolerance));
    }
  }

  static List<float[]> predictions(Graph graph, List<INDArray> inputs) throws Exception {
    Map<String, Tensor> results = RuntimeProbe.run(graph, fed(graph, inputs));
    List<float[]> outputs = new ArrayList<>();
    for (ValueInfo output : graph.outputs()) {
      outputs.add(results.get(output.name()).toFloats());
    }
    return outputs;
  }

  private static Map<String, Tensor> fed(Graph graph, List<INDArray> inputs) {
    Map<String, Tensor> fed = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      fed.put(
          graph.inputs().get(i).name(),
          Tensor.of(Net.floats(inputs.get(i)), inputs.get(i).shape()));
    }
    return fed;
  }

  static Map<String, Tensor> halfOfEveryKernelRemoved(SourceModel model) {
    Map<String, Tensor> pruned = new HashMap<>();
    for (Parameter parameter : model.graph().prunable()) {
      Tensor tensor = model.graph().tensor(parameter).copy();
      for (int i = 0; i < tensor.size(); i += 2) {
        tensor.floats().put(i, 0f);
      }
      pruned.put(parameter.tensor(), tensor);
    }
    return pruned;
  }

  static SourceModel open(Path file) throws IOException {
    return FormatDetector.open(file, ModelFormat.DL4J, FormatLimits.defaults());
  }
}
