package dev.espalier.local;

import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The CNN of the guide: Conv 3×3 of 32 – MaxPool 2 – Conv 3×3 of 64 – MaxPool 2 – Dense 64 –
 * Dropout – Dense 10, ReLU between and softmax at the end; 121,930 parameters for images of 28 ×
 * 28.
 */
final class GuideCnn {
  /** Deeplearning4j states the probability of keeping an activation, not of dropping it. */
  private static final double KEEP = 0.75;

  private GuideCnn() {}

  /**
   * Its configuration for Deeplearning4j.
   *
   * @param learningRate step size of Adam
   * @param seed of initial weights and dropout
   */
  static MultiLayerConfiguration configuration(double learningRate, long seed) {
    return new NeuralNetConfiguration.Builder()
        .seed(seed)
        .updater(new Adam(learningRate))
        .weightInit(WeightInit.RELU)
        .activation(Activation.RELU)
        // Keeps the unfolded images of the forward pass for the backward pass: a third faster.
        .cacheMode(CacheMode.DEVICE)
        .list()
        .layer(new ConvolutionLayer.Builder(3, 3).name("conv1").nOut(32).build())
        .layer(new SubsamplingLayer.Builder(2, 2).name("pool1").stride(2, 2).build())
        .layer(new ConvolutionLayer.Builder(3, 3).name("conv2").nOut(64).build())
        .layer(new SubsamplingLayer.Builder(2, 2).name("pool2").stride(2, 2).build())
        .layer(new DenseLayer.Builder().name("dense").nOut(64).build())
        .layer(new DropoutLayer.Builder(KEEP).name("dropout").build())
        .layer(
            new OutputLayer.Builder(LossFunction.MCXENT)
                .name("output")
                .nOut(FashionMnist.CLASSES)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.convolutional(FashionMnist.HEIGHT, FashionMnist.WIDTH, 1))
        .build();
  }
}
