package dev.espalier.engine.format.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Graphs that Deeplearning4j builds, one per kind of vertex. */
final class GraphKinds {
  private GraphKinds() {}

  static List<Kind> all() {
    List<Kind> kinds = new ArrayList<>();
    for (ElementWiseVertex.Op operation : ElementWiseVertex.Op.values()) {
      kinds.add(
          two(
              "element-wise " + operation,
              g -> g.addVertex("v", new ElementWiseVertex(operation), "left", "right")));
    }
    kinds.add(
        two(
            "average of three",
            g ->
                g.addVertex(
                    "v",
                    new ElementWiseVertex(ElementWiseVertex.Op.Average),
                    "left",
                    "right",
                    "left")));
    kinds.add(two("merge", g -> g.addVertex("v", new MergeVertex(), "left", "right")));
    kinds.add(
        two(
            "stack and unstack",
            g ->
                g.addVertex("s", new StackVertex(), "left", "right")
                    .addVertex("u", new UnstackVertex(1, 2), "s")
                    .addVertex("v", new MergeVertex(), "left", "u")));
    kinds.add(one("subset", new SubsetVertex(1, 3)));
    kinds.add(one("scale", new ScaleVertex(0.3)));
    kinds.add(one("shift", new ShiftVertex(0.3)));
    kinds.add(one("unit length", new L2NormalizeVertex()));
    kinds.add(one("frozen", new FrozenVertex(new ScaleVertex(2))));
    kinds.addAll(images());
    kinds.addAll(sequences());
    return kinds;
  }

  private interface Part {
    void addTo(GraphBuilder graph);
  }

  private static ConvolutionLayer convolution(int out) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(out)
        .convolutionMode(ConvolutionMode.Same)
        .activation(Activation.TANH)
        .build();
  }

  private static Kind two(String name, Part part) {
    return Kind.of(
            name,
            () -> {
              GraphBuilder graph =
                  Net.graph("first", "second")
                      .setInputTypes(InputType.feedForward(4), InputType.feedForward(6))
                      .addLayer("left", Layers.dense(5), "first")
                      .addLayer("right", Layers.dense(5), "second");
              part.addTo(graph);
              return Net.of(graph.addLayer("out", Layers.output(), "v").setOutputs("out"));
            },
            3L,
            4L)
        .and(3L, 6L);
  }

  private static Kind one(String name, GraphVertex vertex) {
    return Kind.of(
        name,
        () ->
            Net.of(
                Net.graph("in")
                    .setInputTypes(InputType.feedForward(4))
                    .addLayer("d", Layers.dense(5), "in")
                    .addVertex("v", vertex, "d")
                    .addLayer("out", Layers.output(), "v")
                    .setOutputs("out")),
        3L,
        4L);
  }

  private static List<Kind> images() {
    List<Kind> kinds = new ArrayList<>();
    for (boolean last : new boolean[] {false, true}) {
      CNN2DFormat format = last ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
      Long[] shape = last ? new Long[] {2L, 6L, 5L, 3L} : new Long[] {2L, 3L, 6L, 5L};
      kinds.add(
          Kind.of(
              "residual block with two outputs " + format,
              () ->
                  Net.of(
                      Net.graph("image")
                          .setInputTypes(InputType.convolutional(6, 5, 3, format))
                          .addLayer("c1", convolution(4), "image")
                          .addLayer("n", new BatchNormalization(), "c1")
                          .addLayer("c2", convolution(4), "n")
                          .addVertex(
                              "sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "c2", "c1")
                          .addLayer("c3", convolution(2), "sum")
                          .addVertex("both", new MergeVertex(), "c3", "sum")
                          .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "both")
                          .addLayer("out", Layers.output(), "pool")
                          .addLayer("dense", Layers.dense(2), "both")
                          .setOutputs("dense", "out")),
              shape));
      kinds.add(
          Kind.of(
              "image output " + format,
              () ->
                  Net.of(
                      Net.graph("image")
                          .setInputTypes(InputType.convolutional(6, 5, 3, format))
                          .addLayer("c", convolution(4), "image")
                          .addVertex("v", new L2NormalizeVertex(), "c")
                          .setOutputs("v", "c")),
              shape));
    }
    kinds.add(
        Kind.of(
            "first row and column cut off",
            () ->
                Net.of(
                    Net.graph("image")
                        .setInputTypes(InputType.convolutional(6, 5, 3))
                        .addLayer("c", convolution(4), "image")
                        .addVertex("v", new PoolHelperVertex(), "c")
                        .addLayer("pool", new GlobalPoolingLayer(PoolingType.MAX), "v")
                        .setOutputs("pool")),
            2L,
            3L,
            6L,
            5L));
    kinds.add(
        Kind.of(
            "preprocessor and reshape",
            () ->
                Net.of(
                    Net.graph("image")
                        .setInputTypes(InputType.convolutional(6, 5, 3))
                        .addLayer("c", convolution(4), "image")
                        .addVertex(
                            "flat",
                            new PreprocessorVertex(new CnnToFeedForwardPreProcessor(6, 5, 4)),
                            "c")
                        .addVertex("other", new ReshapeVertex(-1, 8, 15), "flat")
                        .setOutputs("other")),
            2L,
            3L,
            6L,
            5L));
    return kinds;
  }

  private static List<Kind> sequences() {
    List<Kind> kinds = new ArrayList<>();
    for (RNNFormat format : RNNFormat.values()) {
      Long[] shape = format == RNNFormat.NWC ? new Long[] {2L, 5L, 3L} : new Long[] {2L, 3L, 5L};
      kinds.add(
          Kind.of(
              "merged sequences " + format,
              () ->
                  Net.of(
                      Net.graph("in")
                          .setInputTypes(InputType.recurrent(3, 5, format))
                          .addLayer("one", new LSTM.Builder().nOut(4).build(), "in")
                          .addLayer("two", new LSTM.Builder().nOut(2).build(), "in")
                          .addVertex("v", new MergeVertex(), "one", "two")
                          .addLayer(
                              "out",
                              new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                  .nOut(3)
                                  .activation(Activation.SOFTMAX)
                                  .build(),
                              "v")
                          .setOutputs("out")),
              shape));
    }
    kinds.add(
        Kind.of(
            "sequence to sequence",
            () ->
                Net.of(
                    Net.graph("in")
                        .setInputTypes(InputType.recurrent(3, 5))
                        .addLayer("encoder", new LSTM.Builder().nOut(4).build(), "in")
                        .addVertex("back", new ReverseTimeSeriesVertex("in"), "encoder")
                        .addVertex("last", new LastTimeStepVertex("in"), "back")
                        .addVertex("all", new DuplicateToTimeSeriesVertex("in"), "last")
                        .addLayer("decoder", new LSTM.Builder().nOut(4).build(), "all")
                        .setOutputs("decoder")),
            2L,
            3L,
            5L));
    return kinds;
  }
}
