package dev.espalier.engine.format.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Networks of images, one per kind of convolution and option. */
final class ConvolutionKinds {
  private static final InputType IMAGE = InputType.convolutional(9, 8, 3);
  private static final InputType IMAGE_LAST = InputType.convolutional(9, 8, 3, CNN2DFormat.NHWC);

  private ConvolutionKinds() {}

  static List<Kind> all() {
    List<Kind> kinds = new ArrayList<>();
    kinds.addAll(convolutions());
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

  private static Kind of(boolean last, String name, Layer... layers) {
    return last ? imageLast(name, layers) : image(name, layers);
  }

  private static List<Kind> convolutions() {
    List<Kind> kinds = new ArrayList<>();
    for (ConvolutionMode mode : List.of(ConvolutionMode.Truncate, ConvolutionMode.Same)) {
      for (boolean last : new boolean[] {false, true}) {
        CNN2DFormat format = last ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
        String suffix = " " + mode;
        Layer[] full = {
          new ConvolutionLayer.Builder(3, 2)
              .nOut(4)
              .stride(2, 1)
              .convolutionMode(mode)
              .dataFormat(format)
              .build()
        };
        Layer[] dilated = {
          new ConvolutionLayer.Builder(2, 3)
              .nOut(4)
              .dilation(2, 1)
              .hasBias(false)
              .convolutionMode(mode)
              .dataFormat(format)
              .build()
        };
        Layer[] transposed = {
          new Deconvolution2D.Builder(3, 2)
              .nOut(4)
              .stride(2, 1)
              .convolutionMode(mode)
              .dataFormat(format)
              .build()
        };
        Layer[] transposedWide = {
          new Deconvolution2D.Builder(2, 2)
              .nOut(4)
              .stride(3, 2)
              .convolutionMode(mode)
              .dataFormat(format)
              .build()
        };
        Layer[] depthwise = {
          new DepthwiseConvolution2D.Builder(3, 2)
              .depthMultiplier(2)
              .nOut(6)
              .stride(1, 2)
              .convolutionMode(mode)
              .dataFormat(format)
              .build()
        };
        Layer[] separable = {
          new SeparableConvolution2D.Builder(3, 2)
              .depthMultiplier(2)
              .nOut(5)
              .convolutionMode(mode)
              .dataFormat(format)
              .build()
        };
        Layer[] pooled = {
          new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.PNORM)
              .pnorm(2)
              .kernelSize(2, 2)
              .stride(1, 2)
              .convolutionMode(mode)
              .dataFormat(format)
              .build()
        };
        kinds.add(of(last, "convolution" + suffix, full));
        kinds.add(of(last, "dilated convolution" + suffix, dilated));
        kinds.add(of(last, "transposed convolution" + suffix, transposed));
        kinds.add(of(last, "transposed convolution with gaps" + suffix, transposedWide));
        kinds.add(of(last, "depthwise convolution" + suffix, depthwise));
        kinds.add(of(last, "separable convolution" + suffix, separable));
        kinds.add(of(last, "pooling by norm" + suffix, pooled));
      }
    }
    kinds.add(
        image(
            "transposed convolution, padded",
            new Deconvolution2D.Builder(4, 4).nOut(2).stride(2, 2).padding(1, 1).build(),
            Layers.output()));
    return kinds;
  }
}
