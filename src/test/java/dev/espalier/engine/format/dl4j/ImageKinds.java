package dev.espalier.engine.format.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks of images, one per kind of layer and option. */
final class ImageKinds {
  private static final InputType IMAGE = InputType.convolutional(9, 8, 3);
  private static final InputType IMAGE_LAST = InputType.convolutional(9, 8, 3, CNN2DFormat.NHWC);

  private ImageKinds() {}

  static List<Kind> all() {
    List<Kind> kinds = new ArrayList<>();
    kinds.addAll(images());
    return kinds;
  }

  private static Kind image(String name, Layer... layers) {
    return Kind.of(
        name,
        () -> Net.layers(IMAGE, Layers.after(Layers.convolution(3, CNN2DFormat.NCHW), layers)),
        2L,
        3L,
        9L,
        8L);
  }

  private static Kind imageLast(String name, Layer... layers) {
    return Kind.of(
        name + ", NHWC",
        () -> Net.layers(IMAGE_LAST, Layers.after(Layers.convolution(3, CNN2DFormat.NHWC), layers)),
        2L,
        9L,
        8L,
        3L);
  }

  private static List<Kind> images() {
    List<Kind> kinds = new ArrayList<>();
    for (PoolingType type : PoolingType.values()) {
      kinds.add(image("global pooling " + type, new GlobalPoolingLayer(type), Layers.output()));
    }
    kinds.add(
        image(
            "global pooling that keeps axes",
            new GlobalPoolingLayer.Builder(PoolingType.AVG).collapseDimensions(false).build(),
            Layers.output()));
    kinds.add(
        imageLast("global pooling", new GlobalPoolingLayer(PoolingType.MAX), Layers.output()));
    kinds.add(image("batch norm of images", new BatchNormalization(), Layers.output()));
    kinds.add(
        imageLast(
            "batch norm of images",
            new BatchNormalization.Builder().dataFormat(CNN2DFormat.NHWC).build(),
            Layers.output()));
    kinds.add(
        image(
            "response normalisation",
            new LocalResponseNormalization.Builder().n(3).alpha(0.3).beta(0.6).k(1.5).build(),
            Layers.output()));
    kinds.add(image("upsampling", new Upsampling2D.Builder(1).size(new int[] {2, 3}).build()));
    kinds.add(
        imageLast(
            "upsampling",
            new Upsampling2D.Builder(1)
                .size(new int[] {2, 3})
                .dataFormat(CNN2DFormat.NHWC)
                .build()));
    kinds.add(image("zero padding", new ZeroPaddingLayer(1, 2, 0, 3), Layers.output()));
    kinds.add(
        imageLast(
            "zero padding",
            new ZeroPaddingLayer.Builder(1, 2, 0, 3).dataFormat(CNN2DFormat.NHWC).build(),
            Layers.output()));
    kinds.add(
        image(
            "blocks into channels",
            new Cropping2D(1, 0, 0, 0),
            new SpaceToDepthLayer.Builder<>(2).build(),
            Layers.output()));
    kinds.add(
        imageLast(
            "blocks into channels",
            new Cropping2D.Builder(1, 0, 0, 0).dataFormat(CNN2DFormat.NHWC).build(),
            new SpaceToDepthLayer.Builder<>(2, CNN2DFormat.NHWC).build(),
            Layers.output()));
    kinds.add(image("cropping", new Cropping2D(1, 2, 0, 3), Layers.output()));
    kinds.add(
        imageLast(
            "cropping",
            new Cropping2D.Builder(1, 2, 0, 3).dataFormat(CNN2DFormat.NHWC).build(),
            Layers.output()));
    kinds.add(
        image("slopes", new PReLULayer.Builder().inputShape(3, 9, 8).build(), Layers.output()));
    kinds.add(
        image(
            "shared slopes",
            new PReLULayer.Builder().inputShape(3, 9, 8).sharedAxes(2, 3).build(),
            Layers.output()));
    kinds.add(
        image(
            "image dropout",
            new ConvolutionLayer.Builder(2, 2).nOut(2).dropOut(new SpatialDropout(0.5)).build(),
            Layers.output()));
    kinds.add(image("softmax over the last axis", new ActivationLayer(Activation.SOFTMAX)));
    kinds.add(imageLast("softmax over the last axis", new ActivationLayer(Activation.SOFTMAX)));
    kinds.add(
        image(
            "image loss",
            new ConvolutionLayer.Builder(2, 2).nOut(2).build(),
            new CnnLossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build()));
    return kinds;
  }
}
