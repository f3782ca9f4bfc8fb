package dev.espalier.engine.format.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Layers that many networks have. */
final class Layers {
  private Layers() {}

  /** A convolution that keeps the size of images. */
  static ConvolutionLayer convolution(int out, CNN2DFormat format) {
    return new ConvolutionLayer.Builder(2, 3)
        .nOut(out)
        .convolutionMode(ConvolutionMode.Same)
        .dataFormat(format)
        .activation(Activation.TANH)
        .build();
  }

  static DenseLayer dense(int out) {
    return new DenseLayer.Builder().nOut(out).activation(Activation.TANH).build();
  }

  static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nOut(3)
        .activation(Activation.SOFTMAX)
        .build();
  }

  static LSTM lstm(int out) {
    return new LSTM.Builder()
        .nOut(out)
        .activation(Activation.TANH)
        .weightInit(WeightInit.XAVIER)
        .biasInit(0)
        .build();
  }

  static RnnOutputLayer rnnOutput() {
    return new RnnOutputLayer.Builder(LossFunction.MCXENT)
        .nOut(3)
        .activation(Activation.SOFTMAX)
        .build();
  }

  /** One more layer before others. */
  static Layer[] after(Layer first, Layer... others) {
    List<Layer> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(others));
    return all.toArray(Layer[]::new);
  }
}
