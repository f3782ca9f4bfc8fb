package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.FileCopy;
import dev.espalier.contract.Policy;
import dev.espalier.engine.compress.Quantizer;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes of whole networks in {@code model.sparse}, of normally distributed weights of which the
 * smallest are gone: how many times smaller than the dense float weights. Deep Compression (Han et
 * al. 2016, arXiv:1510.00149) reached 40 and 39 for the first two.
 */
class StoredSizesTest {
  private static final long[][] LENET_300_100 = {{300, 784}, {100, 300}, {10, 100}};
  private static final long[][] LENET_5 = {{20, 1, 5, 5}, {50, 20, 5, 5}, {500, 800}, {10, 500}};
  private static final long[][] GUIDE_CNN = {{32, 1, 3, 3}, {64, 32, 3, 3}, {128, 3136}, {10, 128}};

  @TempDir Path directory;

  @Test
  void shouldBeFortyTimesSmallerWhenLenet300100IsPrunedTo95PercentWithACodebook()
      throws IOException {
    assertThat(ratio(LENET_300_100, 0.95, Policy.Quantize.CODEBOOK)).isGreaterThan(50);
  }

  @Test
  void shouldBe39TimesSmallerWhenLenet5IsPrunedTo98PercentWithACodebook() throws IOException {
    assertThat(ratio(LENET_5, 0.98, Policy.Quantize.CODEBOOK)).isGreaterThan(90);
  }

  @Test
  void shouldBe15TimesSmallerWhenTheGuidesCnnIsPrunedTo90PercentWithIntegers() throws IOException {
    assertThat(ratio(GUIDE_CNN, 0.9, Policy.Quantize.INT8)).isGreaterThan(22);
  }

  private double ratio(long[][] shapes, double sparsity, Policy.Quantize form) throws IOException {
    Graph graph = network(shapes, sparsity);
    long dense = graph.initializers().values().stream().mapToLong(t -> 4L * t.size()).sum();
    Set<String> kernels = Set.copyOf(graph.prunable().stream().map(Parameter::tensor).toList());
    Graph deployed = new Quantizer(form, kernels, form == Policy.Quantize.INT8).apply(graph);
    Path file = Files.write(directory.resolve("model.onnx"), OnnxSerializer.serialize(deployed));

    FileCopy archive =
        SparseFile.write(FormatDetector.open(file, null, FormatLimits.defaults()), file);

    return (double) dense / archive.bytes();
  }

  private static Graph network(long[][] shapes, double sparsity) {
    Random random = new Random(8);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<Parameter> parameters = new ArrayList<>();
    List<Node> nodes = new ArrayList<>();
    float[][] weights = new float[shapes.length][];
    for (int layer = 0; layer < shapes.length; layer++) {
      weights[layer] = new float[(int) Tensor.elements(shapes[layer])];
      double fanIn = (double) weights[layer].length / shapes[layer][0];
      for (int i = 0; i < weights[layer].length; i++) {
        weights[layer][i] = (float) (random.nextGaussian() / Math.sqrt(fanIn));
      }
    }
    float threshold = threshold(weights, sparsity);
    String value = "input";
    for (int layer = 0; layer < shapes.length; layer++) {
      for (int i = 0; i < weights[layer].length; i++) {
        weights[layer][i] = Math.abs(weights[layer][i]) < threshold ? 0 : weights[layer][i];
      }
      String name = "layer" + layer;
      tensors.put(name + ".weight", Tensor.of(weights[layer], shapes[layer]));
      Tensor bias = Tensor.zeros(DataType.FLOAT, shapes[layer][0]);
      for (int i = 0; i < bias.size(); i++) {
        bias.floats().put(i, (float) random.nextGaussian());
      }
      tensors.put(name + ".bias", bias);
      for (String part : List.of(".weight", ".bias")) {
        Parameter.Role role = part.equals(".weight") ? Parameter.Role.KERNEL : Parameter.Role.BIAS;
        parameters.add(new Parameter(name + part, name + part, name, role));
      }
      boolean convolution = shapes[layer].length == 4;
      String next = layer + 1 == shapes.length ? "output" : name + ".out";
      nodes.add(
          new Node(
              name,
              convolution ? "Conv" : "Gemm",
              List.of(value, name + ".weight", name + ".bias"),
              List.of(next),
              convolution ? Map.of() : Map.of("transB", new Attribute.Int(1))));
      value = next;
    }
    return new Graph(
        17,
        List.of(new ValueInfo("input", DataType.FLOAT, List.of(-1L, 1L, 28L, 28L))),
        List.of(new ValueInfo("output", DataType.FLOAT, List.of(-1L, 10L))),
        nodes,
        tensors,
        parameters);
  }

  private static float threshold(float[][] weights, double sparsity) {
    int size = Arrays.stream(weights).mapToInt(w -> w.length).sum();
    float[] magnitudes = new float[size];
    int next = 0;
    for (float[] layer : weights) {
      for (float weight : layer) {
        magnitudes[next++] = Math.abs(weight);
      }
    }
    Arrays.sort(magnitudes);
    return magnitudes[(int) (sparsity * size)];
  }
}
