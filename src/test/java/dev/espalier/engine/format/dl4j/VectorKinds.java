package dev.espalier.engine.format.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks of vectors, one per kind of layer and activation. */
final class VectorKinds {
  private VectorKinds() {}

  static List<Kind> all() {
    List<Kind> kinds = new ArrayList<>();
    kinds.addAll(vectors());
    kinds.addAll(activations());
    return kinds;
  }

  private static Kind vector(String name, Layer... layers) {
    return Kind.of(name, () -> Net.layers(InputType.feedForward(6), layers), 5L, 6L);
  }

  private static Kind activation(String name, IActivation function) {
    return vector("activation " + name, new ActivationLayer(function), Layers.output());
  }

  private static List<Kind> vectors() {
    return List.of(
        vector("batch norm of vectors", Layers.dense(5), new BatchNormalization(), Layers.output()),
        vector(
            "batch norm, locked",
            new BatchNormalization.Builder().lockGammaBeta(true).eps(1e-3).build(),
            Layers.output()),
        vector(
            "batch norm, locked to others",
            new BatchNormalization.Builder().lockGammaBeta(true).gamma(1.5).beta(0.5).build(),
            Layers.output()),
        vector(
            "batch norm, plain variance",
            new BatchNormalization.Builder().useLogStd(false).build(),
            Layers.output()),
        vector(
            "scaling",
            new ElementWiseMultiplicationLayer.Builder().nOut(6).build(),
            Layers.output()),
        vector("slopes", new PReLULayer.Builder().inputShape(6).build(), Layers.output()),
        vector(
            "frozen",
            new FrozenLayer(Layers.dense(5)),
            new FrozenLayerWithBackprop(Layers.dense(4)),
            Layers.output()),
        vector(
            "kinds of dropout",
            new DenseLayer.Builder().nOut(5).dropOut(new AlphaDropout(0.6)).build(),
            new DenseLayer.Builder().nOut(5).dropOut(new GaussianDropout(0.3)).build(),
            new DenseLayer.Builder().nOut(5).dropOut(new GaussianNoise(0.3)).build(),
            Layers.output()),
        vector(
            "weight noise and a bound of the norm",
            new DenseLayer.Builder()
                .nOut(5)
                .weightNoise(new DropConnect(0.5))
                .constrainWeights(new MaxNormConstraint(2, 1))
                .build(),
            Layers.output()),
        vector(
            "regression",
            Layers.dense(5),
            new OutputLayer.Builder(LossFunction.MSE)
                .nOut(2)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build()),
        Kind.of(
            "double",
            () ->
                Net.layers(
                    DataType.DOUBLE, InputType.feedForward(6), Layers.dense(5), Layers.output()),
            5L,
            6L),
        Kind.of(
            "half",
            () ->
                Net.layers(
                    DataType.FLOAT16,
                    null,
                    new DenseLayer.Builder().nIn(2).nOut(3).activation(Activation.IDENTITY).build(),
                    new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(3)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build()),
            1L,
            2L));
  }

  private static List<Kind> activations() {
    List<Kind> kinds = new ArrayList<>();
    for (Activation activation : Activation.values()) {
      kinds.add(activation(activation.name(), activation.getActivationFunction()));
    }
    kinds.add(activation("ELU of 0.5", new ActivationELU(0.5)));
    kinds.add(activation("precise GELU", new ActivationGELU(true)));
    kinds.add(activation("LReLU of 0.2", new ActivationLReLU(0.2)));
    kinds.add(activation("RReLU of 0.1 to 0.5", new ActivationRReLU(0.1, 0.5)));
    kinds.add(activation("ReLU up to 1", new ActivationReLU(1.0, null, null)));
    kinds.add(activation("ReLU up to 1, leaky", new ActivationReLU(1.0, null, 0.1)));
    kinds.add(activation("thresholded ReLU of 0.3", new ActivationThresholdedReLU(0.3)));
    return kinds;
  }
}
