package dev.espalier.engine.format.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks of sequences, one per kind of layer and option. */
final class SequenceKinds {
  private static final InputType SEQUENCE = InputType.recurrent(4, 7);
  private static final InputType SEQUENCE_LAST = InputType.recurrent(4, 7, RNNFormat.NWC);

  private SequenceKinds() {}

  static List<Kind> all() {
    List<Kind> kinds = new ArrayList<>();
    kinds.addAll(sequences());
    return kinds;
  }

  private static Kind sequence(String name, Layer... layers) {
    return Kind.of(
        name, () -> Net.layers(SEQUENCE, Layers.after(Layers.lstm(4), layers)), 2L, 4L, 7L);
  }

  private static Kind sequenceLast(String name, Layer... layers) {
    return Kind.of(
        name + ", NWC",
        () -> Net.layers(SEQUENCE_LAST, Layers.after(Layers.lstm(4), layers)),
        2L,
        7L,
        4L);
  }

  private static List<Kind> sequences() {
    List<Kind> kinds = new ArrayList<>();
    for (ConvolutionMode mode :
        List.of(ConvolutionMode.Truncate, ConvolutionMode.Same, ConvolutionMode.Causal)) {
      Layer convolution =
          new Convolution1DLayer.Builder(3).nOut(5).dilation(2).convolutionMode(mode).build();
      Layer strided = new Convolution1DLayer.Builder(3, 2).nOut(5).convolutionMode(mode).build();
      Layer single = new Convolution1DLayer.Builder(2).nOut(5).convolutionMode(mode).build();
      kinds.add(sequence("convolution over time " + mode, convolution));
      kinds.add(sequence("strided convolution over time " + mode, strided));
      kinds.add(sequence("plain convolution over time " + mode, single));
      kinds.add(
          sequenceLast(
              "convolution over time " + mode,
              new Convolution1DLayer.Builder(3)
                  .nOut(5)
                  .rnnDataFormat(RNNFormat.NWC)
                  .convolutionMode(mode)
                  .build()));
    }
    kinds.add(
        sequence(
            "padded convolution over time",
            new Convolution1DLayer.Builder(3, 2, 1).nOut(5).build()));
    kinds.add(
        sequence(
            "maximum over time",
            new Subsampling1DLayer.Builder(SubsamplingLayer.PoolingType.MAX, 3, 2).build()));
    kinds.add(
        sequence(
            "average over time",
            new Subsampling1DLayer.Builder(SubsamplingLayer.PoolingType.AVG, 3, 2)
                .convolutionMode(ConvolutionMode.Same)
                .build()));
    kinds.add(sequence("upsampling over time", new Upsampling1D.Builder(2).build()));
    kinds.add(sequence("zero padding over time", new ZeroPadding1DLayer(1, 2)));
    kinds.add(sequence("cropping over time", new Cropping1D(1, 2)));
    for (PoolingType type : PoolingType.values()) {
      kinds.add(
          sequence("pooling over time " + type, new GlobalPoolingLayer(type), Layers.output()));
    }
    kinds.add(sequence("softmax over time", new ActivationLayer(Activation.SOFTMAX)));
    kinds.add(sequenceLast("softmax over features", new ActivationLayer(Activation.SOFTMAX)));
    kinds.add(sequence("slopes over time", new PReLULayer.Builder().inputShape(4, 7).build()));
    kinds.add(
        sequence(
            "each step",
            new TimeDistributed(Layers.dense(5)),
            new RnnLossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build()));
    kinds.add(
        Kind.of(
            "repeated vector",
            () ->
                Net.layers(
                    InputType.feedForward(6),
                    new RepeatVector.Builder<>(4).build(),
                    Layers.lstm(3)),
            5L,
            6L));
    return kinds;
  }
}
