package dev.espalier.engine.format.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks that Deeplearning4j itself builds, initialises and saves. */
enum Networks {
  GUIDE_CNN(InputType.convolutionalFlat(28, 28, 1), 28 * 28) {
    @Override
    Layer[] layers() {
      return new Layer[] {
        new ConvolutionLayer.Builder(3, 3)
            .name("conv1")
            .nOut(32)
            .activation(Activation.RELU)
            .build(),
        new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build(),
        new ConvolutionLayer.Builder(3, 3)
            .name("conv2")
            .nOut(64)
            .activation(Activation.RELU)
            .build(),
        new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build(),
        new DenseLayer.Builder().name("dense").nOut(64).activation(Activation.RELU).build(),
        new OutputLayer.Builder(LossFunction.NEGATIVELOGLIKELIHOOD)
            .name("output")
            .nOut(10)
            .dropOut(0.5)
            .activation(Activation.SOFTMAX)
            .build()
      };
    }
  },
  PADDED_CNN(InputType.convolutional(11, 9, 3), 3, 11, 9) {
    @Override
    Layer[] layers() {
      return new Layer[] {
        new ConvolutionLayer.Builder(4, 3)
            .nOut(5)
            .convolutionMode(ConvolutionMode.Same)
            .activation(new ActivationReLU(null, null, 0.1))
            .build(),
        new SubsamplingLayer.Builder(PoolingType.AVG)
            .kernelSize(3, 3)
            .stride(2, 2)
            .convolutionMode(ConvolutionMode.Same)
            .build(),
        new ConvolutionLayer.Builder(3, 3)
            .nOut(4)
            .padding(1, 2)
            .dilation(2, 1)
            .stride(1, 2)
            .hasBias(false)
            .activation(Activation.IDENTITY)
            .build(),
        new SubsamplingLayer.Builder(PoolingType.AVG)
            .kernelSize(3, 3)
            .stride(1, 1)
            .padding(1, 1)
            .avgPoolIncludePadInDivisor(true)
            .build(),
        new ConvolutionLayer.Builder(2, 2)
            .nOut(3)
            .stride(2, 2)
            .convolutionMode(ConvolutionMode.Same)
            .activation(Activation.TANH)
            .build(),
        new SubsamplingLayer.Builder(PoolingType.MAX)
            .kernelSize(3, 3)
            .stride(1, 1)
            .padding(1, 1)
            .build(),
        new OutputLayer.Builder(LossFunction.MSE).nOut(2).activation(Activation.IDENTITY).build()
      };
    }
  },
  CHANNELS_LAST_CNN(InputType.convolutional(8, 10, 3, CNN2DFormat.NHWC), 8, 10, 3) {
    @Override
    Layer[] layers() {
      return new Layer[] {
        new ConvolutionLayer.Builder(3, 2)
            .dataFormat(CNN2DFormat.NHWC)
            .nOut(4)
            .activation(Activation.LEAKYRELU)
            .build(),
        new SubsamplingLayer.Builder(PoolingType.MAX)
            .dataFormat(CNN2DFormat.NHWC)
            .kernelSize(2, 2)
            .stride(2, 2)
            .build(),
        new DenseLayer.Builder().nOut(6).activation(Activation.SIGMOID).build(),
        new OutputLayer.Builder(LossFunction.MCXENT).nOut(3).activation(Activation.SOFTMAX).build()
      };
    }
  },
  MLP(InputType.feedForward(20), 20) {
    @Override
    Layer[] layers() {
      return new Layer[] {
        new DenseLayer.Builder().nOut(16).activation(Activation.IDENTITY).build(),
        new ActivationLayer(Activation.TANH),
        new DropoutLayer(0.7),
        new DenseLayer.Builder().nOut(4).hasBias(false).activation(Activation.IDENTITY).build(),
        new LossLayer.Builder(LossFunction.XENT).activation(Activation.SIGMOID).build()
      };
    }
  };

  private final InputType type;
  private final long[] sample;

  Networks(InputType type, long... sample) {
    this.type = type;
    this.sample = sample;
  }

  abstract Layer[] layers();

  /** The network with random weights and non-zero biases. */
  MultiLayerNetwork network() {
    NeuralNetConfiguration.ListBuilder builder =
        new NeuralNetConfiguration.Builder().seed(7).biasInit(0.1).updater(new Adam(1e-3)).list();
    for (Layer layer : layers()) {
      builder.layer(layer);
    }
    MultiLayerNetwork network = new MultiLayerNetwork(builder.setInputType(type).build());
    network.init();
    network.params().addi(Nd4j.rand(DataType.FLOAT, network.params().shape()).muli(0.1));
    return network;
  }

  /** Saves a network as users do, the updater's state included. */
  static Path save(MultiLayerNetwork network, Path file) throws IOException {
    network.save(file.toFile(), true);
    return file;
  }

  /** Random inputs. */
  INDArray inputs(int samples) {
    return Nd4j.rand(DataType.FLOAT, shape(samples));
  }

  /** Shape of a batch. */
  long[] shape(int samples) {
    long[] shape = new long[sample.length + 1];
    shape[0] = samples;
    System.arraycopy(sample, 0, shape, 1, sample.length);
    return shape;
  }
}
