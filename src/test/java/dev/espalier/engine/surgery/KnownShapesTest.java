package dev.espalier.engine.surgery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class KnownShapesTest {
  @ParameterizedTest
  @EnumSource(Nets.class)
  void shouldInferWhatTheRuntimeMeasures(Nets net) {
    requireSame(net.graph());
  }

  @ParameterizedTest
  @MethodSource("dev.espalier.engine.surgery.RemovalFilesTest#files")
  void shouldInferWhatTheRuntimeMeasuresOnFiles(Path file) throws IOException {
    requireSame(FormatDetector.open(file, null, FormatLimits.defaults()).graph());
  }

  /** Otherwise every description of a model would load and run it. */
  @Test
  void shouldNotHaveToRunAnOrdinaryNetwork() {
    assertThat(KnownShapes.inferred(Nets.CHAIN.graph())).isPresent();
    assertThat(KnownShapes.inferred(Nets.RESIDUAL_WITH_PROJECTION.graph())).isPresent();
  }

  private static void requireSame(Graph graph) {
    Optional<KnownShapes> inferred = KnownShapes.inferred(graph);
    if (inferred.isEmpty()) {
      return;
    }
    KnownShapes measured = KnownShapes.measured(graph);
    for (Node node : graph.nodes()) {
      for (String output : node.outputs()) {
        assertThat(inferred.get().shape(output)).as(output).isEqualTo(measured.shape(output));
        assertThat(inferred.get().content(output).isPresent())
            .as(output)
            .isEqualTo(measured.content(output).isPresent());
        measured
            .content(output)
            .ifPresent(
                content ->
                    assertThat(inferred.get().content(output).orElseThrow())
                        .as(output)
                        .isEqualTo(content));
      }
    }
  }
}
