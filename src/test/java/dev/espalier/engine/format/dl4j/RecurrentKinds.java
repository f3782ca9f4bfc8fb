package dev.espalier.engine.format.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.util.MaskLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks of recurrent layers and embeddings, one per kind and option. */
final class RecurrentKinds {
  private static final InputType SEQUENCE = InputType.recurrent(4, 7);
  private static final InputType SEQUENCE_LAST = InputType.recurrent(4, 7, RNNFormat.NWC);

  private RecurrentKinds() {}

  static List<Kind> all() {
    List<Kind> kinds = new ArrayList<>();
    kinds.addAll(recurrent());
    kinds.addAll(embeddings());
    kinds.addAll(mixtures());
    return kinds;
  }

  private static Kind sequence(String name, Layer... layers) {
    return Kind.of(name, () -> Net.layers(SEQUENCE, layers), 2L, 4L, 7L);
  }

  private static Kind sequenceLast(String name, Layer... layers) {
    return Kind.of(name + ", NWC", () -> Net.layers(SEQUENCE_LAST, layers), 2L, 7L, 4L);
  }

  private static List<Kind> recurrent() {
    List<Kind> kinds = new ArrayList<>();
    kinds.add(sequence("LSTM", Layers.lstm(5), Layers.rnnOutput()));
    kinds.add(sequenceLast("LSTM", Layers.lstm(5), Layers.rnnOutput()));
    kinds.add(
        sequence(
            "LSTM with other functions",
            new LSTM.Builder()
                .nOut(5)
                .activation(Activation.SOFTSIGN)
                .gateActivationFunction(Activation.HARDSIGMOID)
                .build()));
    kinds.add(
        sequence("simple", new SimpleRnn.Builder().nOut(5).activation(Activation.TANH).build()));
    kinds.add(
        sequenceLast(
            "simple", new SimpleRnn.Builder().nOut(5).activation(Activation.RELU).build()));
    for (Bidirectional.Mode mode : Bidirectional.Mode.values()) {
      kinds.add(
          sequence(
              "both directions " + mode,
              new Bidirectional(mode, Layers.lstm(5)),
              Layers.rnnOutput()));
    }
    kinds.add(
        sequenceLast(
            "both directions",
            new Bidirectional(Bidirectional.Mode.CONCAT, Layers.lstm(5)),
            Layers.rnnOutput()));
    kinds.add(sequence("last step", new LastTimeStep(Layers.lstm(5)), Layers.output()));
    kinds.add(sequenceLast("last step", new LastTimeStep(Layers.lstm(5)), Layers.output()));
    kinds.add(
        sequence(
            "last step of both directions",
            new LastTimeStep(new Bidirectional(Bidirectional.Mode.CONCAT, Layers.lstm(5))),
            Layers.output()));
    kinds.add(sequence("no masks", new MaskLayer(), Layers.lstm(3)));
    return kinds;
  }

  private static List<Kind> embeddings() {
    return List.of(
        Kind.of(
                "embedding",
                () ->
                    Net.layers(
                        null,
                        new EmbeddingLayer.Builder().nIn(9).nOut(4).hasBias(true).build(),
                        new OutputLayer.Builder(LossFunction.MCXENT)
                            .nIn(4)
                            .nOut(3)
                            .activation(Activation.SOFTMAX)
                            .build()),
                5L,
                1L)
            .below(9),
        Kind.of(
                "embedded sequence",
                () ->
                    Net.layers(
                        null,
                        new EmbeddingSequenceLayer.Builder().nIn(9).nOut(4).build(),
                        new LSTM.Builder().nIn(4).nOut(5).build(),
                        new GlobalPoolingLayer(PoolingType.MAX),
                        new OutputLayer.Builder(LossFunction.MCXENT)
                            .nIn(5)
                            .nOut(3)
                            .activation(Activation.SOFTMAX)
                            .build()),
                3L,
                6L)
            .below(9),
        Kind.of(
                "embedded sequence, NWC",
                () ->
                    Net.layers(
                        null,
                        new EmbeddingSequenceLayer.Builder()
                            .nIn(9)
                            .nOut(4)
                            .hasBias(true)
                            .outputDataFormat(RNNFormat.NWC)
                            .build()),
                3L,
                6L)
            .below(9));
  }

  private static List<Kind> mixtures() {
    return List.of(
        sequence(
            "dense between recurrent layers",
            Layers.lstm(5),
            Layers.dense(4),
            Layers.lstm(3),
            Layers.rnnOutput()),
        sequenceLast(
            "dense between recurrent layers",
            Layers.lstm(5),
            Layers.dense(4),
            Layers.lstm(3),
            Layers.rnnOutput()),
        sequence(
            "batch norm of time steps",
            Layers.lstm(5),
            Layers.dense(4),
            new BatchNormalization(),
            Layers.dense(3)),
        Kind.of(
            "recurrent layer on vectors",
            () -> Net.layers(InputType.feedForward(6), Layers.dense(4), Layers.lstm(3)),
            5L,
            6L),
        Kind.of(
            "images in a sequence",
            () -> {
              NeuralNetConfiguration.ListBuilder builder =
                  new NeuralNetConfiguration.Builder()
                      .seed(3)
                      .list()
                      .layer(
                          new ConvolutionLayer.Builder(2, 2)
                              .nIn(2)
                              .nOut(3)
                              .activation(Activation.TANH)
                              .build())
                      .layer(new LSTM.Builder().nIn(3 * 3 * 2).nOut(4).build())
                      .inputPreProcessor(0, new RnnToCnnPreProcessor(4, 3, 2))
                      .inputPreProcessor(1, new CnnToRnnPreProcessor(3, 2, 3));
              var network = new org.deeplearning4j.nn.multilayer.MultiLayerNetwork(builder.build());
              network.init();
              return new Net(network);
            },
            2L,
            24L,
            5L));
  }
}
