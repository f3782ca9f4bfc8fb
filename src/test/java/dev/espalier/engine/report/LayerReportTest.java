package dev.espalier.engine.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.ModelResult.Layer;
import dev.espalier.contract.ModelResult.Layer.Changed;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.train.Statistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LayerReportTest {

  @Test
  void shouldTellWeightsFromStatisticsWhenAllOfThemChanged() {
    Graph before = normalised();
    Graph after =
        before.with(
            Map.of(
                "w", Tensor.of(new float[] {0, 1, 2, 0}, 2, 2),
                "scale", Tensor.of(new float[] {3, 4}, 2),
                "mean", Tensor.of(new float[] {5, 6}, 2)));

    List<Layer> layers = LayerReport.of(before, after, Set.of("w"), Statistics.of(before));

    assertThat(layers)
        .extracting(Layer::changed)
        .containsExactly(
            Changed.PRUNED, Changed.RETRAINED, Changed.NONE, Changed.STATISTICS, Changed.NONE);
    assertThat(layers.get(0).sparsity()).isEqualTo(0.5);
  }

  private static Graph normalised() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("w", Tensor.of(new float[] {1, 1, 2, 3}, 2, 2));
    for (String name : List.of("scale", "shift", "mean", "variance")) {
      tensors.put(name, Tensor.of(new float[] {1, 2}, 2));
    }
    List<Parameter> parameters =
        tensors.keySet().stream()
            .map(
                name ->
                    new Parameter(
                        name, name, "layer", name.equals("w") ? Role.KERNEL : Role.NORMALIZATION))
            .toList();
    return new Graph(
        15,
        List.of(new ValueInfo("x", DataType.FLOAT, List.of(-1L, 2L))),
        List.of(new ValueInfo("y", DataType.FLOAT, List.of(-1L, 2L))),
        List.of(
            new Node("product", "MatMul", List.of("x", "w"), List.of("h"), Map.of()),
            new Node(
                "norm",
                "BatchNormalization",
                List.of("h", "scale", "shift", "mean", "variance"),
                List.of("y"),
                Map.of())),
        tensors,
        parameters);
  }
}
