package dev.espalier.engine.format.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Channels removed from parameters: the file that is written says so, and Deeplearning4j agrees.
 */
class ChangedShapesTest {
  private static final float TOLERANCE = 1e-4f;

  @TempDir Path directory;

  /**
   * A parameter that loses channels.
   *
   * @param groups how often the channels are repeated along the axis
   * @param repeats elements in a row that belong to a channel
   */
  private record Cut(String parameter, int axis, int groups, int repeats) {
    static Cut of(String parameter, int axis) {
      return new Cut(parameter, axis, 1, 1);
    }
  }

  /**
   * A network and the parameters whose channel 1 of {@code channels} goes.
   *
   * @param input shape of a batch
   */
  private record Slice(
      String name, Supplier<Net> network, List<Long> input, int channels, List<Cut> cuts) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Supplier<Net> image(Layer... layers) {
    return () -> Net.layers(InputType.convolutional(6, 5, 3), layers);
  }

  static Stream<Slice> slices() {
    List<Long> image = List.of(2L, 3L, 6L, 5L);
    List<Long> sequence = List.of(2L, 4L, 5L);
    return Stream.of(
        new Slice(
            "units",
            () -> Net.layers(InputType.feedForward(6), Layers.dense(5), Layers.output()),
            List.of(3L, 6L),
            5,
            List.of(Cut.of("0_W", 0), Cut.of("0_b", 0), Cut.of("1_W", 1))),
        new Slice(
            "filters through batch norm and flatten",
            image(
                Layers.convolution(4, CNN2DFormat.NCHW), new BatchNormalization(), Layers.output()),
            image,
            4,
            List.of(
                Cut.of("0_W", 0),
                Cut.of("0_b", 0),
                Cut.of("1_gamma", 0),
                Cut.of("1_beta", 0),
                Cut.of("1_mean", 0),
                Cut.of("1_log10stdev", 0),
                new Cut("2_W", 1, 1, 30))),
        new Slice(
            "filters through depthwise and separable convolutions",
            image(
                Layers.convolution(4, CNN2DFormat.NCHW),
                new DepthwiseConvolution2D.Builder(2, 2).depthMultiplier(2).nOut(8).build(),
                new SeparableConvolution2D.Builder(2, 2).depthMultiplier(3).nOut(5).build(),
                new GlobalPoolingLayer(PoolingType.AVG),
                Layers.output()),
            image,
            4,
            List.of(
                Cut.of("0_W", 0),
                Cut.of("0_b", 0),
                new Cut("1_W", 0, 1, 2),
                new Cut("1_b", 0, 1, 2),
                new Cut("2_W", 0, 1, 6),
                new Cut("2_pW", 1, 1, 6))),
        new Slice(
            "units of a recurrent layer, within a frozen one",
            () ->
                Net.layers(
                    InputType.recurrent(4, 5), new FrozenLayer(Layers.lstm(5)), Layers.rnnOutput()),
            sequence,
            5,
            List.of(
                new Cut("0_W", 0, 4, 1),
                new Cut("0_RW", 0, 4, 1),
                Cut.of("0_RW", 1),
                new Cut("0_b", 0, 4, 1),
                Cut.of("1_W", 1))),
        new Slice(
            "units of both directions",
            () ->
                Net.layers(
                    InputType.recurrent(4, 5),
                    new Bidirectional(Bidirectional.Mode.CONCAT, Layers.lstm(3)),
                    Layers.rnnOutput()),
            sequence,
            3,
            List.of(
                new Cut("0_fW", 0, 4, 1),
                new Cut("0_fRW", 0, 4, 1),
                Cut.of("0_fRW", 1),
                new Cut("0_fb", 0, 4, 1),
                new Cut("0_bW", 0, 4, 1),
                new Cut("0_bRW", 0, 4, 1),
                Cut.of("0_bRW", 1),
                new Cut("0_bb", 0, 4, 1),
                new Cut("1_W", 1, 2, 1))),
        new Slice(
            "filters of a residual sum and a merge",
            () ->
                Net.of(
                    Net.graph("in")
                        .setInputTypes(InputType.convolutional(6, 5, 3))
                        .addLayer("a", Layers.convolution(4, CNN2DFormat.NCHW), "in")
                        .addLayer("b", Layers.convolution(4, CNN2DFormat.NCHW), "a")
                        .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                        .addVertex("both", new MergeVertex(), "sum", "b")
                        .addLayer("out", Layers.output(), "both")
                        .setOutputs("out")),
            image,
            4,
            List.of(
                Cut.of("a_W", 0),
                Cut.of("a_b", 0),
                Cut.of("b_W", 0),
                Cut.of("b_W", 1),
                Cut.of("b_b", 0),
                new Cut("out_W", 1, 2, 30))));
  }

  @ParameterizedTest
  @MethodSource("slices")
  void shouldLoadInDeeplearning4jWhenChannelsAreRemoved(Slice slice) throws Exception {
    Net net = slice.network.get();
    SourceModel model = KindsTest.open(net.save(directory.resolve("model.zip")));
    Map<String, Tensor> cut = cut(model.graph(), slice);
    Path target = directory.resolve("cut.zip");

    model.write(cut, target);

    long[] shape = slice.input.stream().mapToLong(Long::longValue).toArray();
    List<INDArray> inputs = List.of(Nd4j.rand(shape));
    Net loaded = Net.load(target);
    Graph reread = KindsTest.open(target).graph();
    assertThat(loaded.output(inputs).get(0))
        .containsExactly(KindsTest.predictions(reread, inputs).get(0), within(TOLERANCE));
    cut.forEach(
        (name, tensor) -> {
          assertThat(reread.initializers().get(name).shape()).as(name).isEqualTo(tensor.shape());
          assertThat(reread.initializers().get(name).toFloats())
              .as(name)
              .containsExactly(tensor.toFloats(), within(1e-6f));
          assertThat(loaded.parameters().get(name).length()).as(name).isEqualTo(tensor.size());
        });
    assertThat(withoutNumbers(target)).isEqualTo(withoutNumbers(directory.resolve("model.zip")));
  }

  @Test
  void shouldRefuseToWriteWhenSomethingDependsOnTheNumberOfChannels() throws Exception {
    Net net =
        Net.of(
            Net.graph("in")
                .setInputTypes(InputType.feedForward(4))
                .addLayer("a", Layers.dense(5), "in")
                .addVertex("part", new SubsetVertex(1, 3), "a")
                .addLayer("out", Layers.output(), "part")
                .setOutputs("out"));
    SourceModel model = KindsTest.open(net.save(directory.resolve("model.zip")));
    Slice slice =
        new Slice("", () -> net, List.of(), 5, List.of(Cut.of("a_W", 0), Cut.of("a_b", 0)));
    Path target = directory.resolve("cut.zip");

    assertThatThrownBy(() -> model.write(cut(model.graph(), slice), target))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("what vertex 'part' selects from");
    assertThat(Files.exists(target)).isFalse();
  }

  private static Map<String, Tensor> cut(Graph graph, Slice slice) {
    Map<String, Tensor> cut = new HashMap<>();
    for (Cut each : slice.cuts) {
      Tensor from = cut.getOrDefault(each.parameter, graph.initializers().get(each.parameter));
      cut.put(each.parameter, without(from, each, slice.channels));
    }
    return cut;
  }

  /** A tensor without channel 1. */
  private static Tensor without(Tensor from, Cut cut, int channels) {
    long[] shape = from.shape();
    assertThat(shape[cut.axis]).isEqualTo((long) channels * cut.groups * cut.repeats);
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < shape[cut.axis]; i++) {
      if (i / cut.repeats % channels != 1) {
        kept.add(i);
      }
    }
    int inner = 1;
    for (int axis = cut.axis + 1; axis < shape.length; axis++) {
      inner *= (int) shape[axis];
    }
    int outer = from.size() / inner / (int) shape[cut.axis];
    float[] values = from.toFloats();
    float[] left = new float[outer * kept.size() * inner];
    int at = 0;
    for (int o = 0; o < outer; o++) {
      for (int k : kept) {
        System.arraycopy(values, (o * (int) shape[cut.axis] + k) * inner, left, at, inner);
        at += inner;
      }
    }
    shape[cut.axis] = kept.size();
    return Tensor.of(left, shape);
  }

  /** The configuration, with every number the same. */
  private static String withoutNumbers(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] json = zip.getInputStream(zip.getEntry("configuration.json")).readAllBytes();
      return new String(json, StandardCharsets.UTF_8).replaceAll(" [0-9]+", " 0");
    }
  }
}
