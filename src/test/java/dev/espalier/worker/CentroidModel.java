package dev.espalier.worker;

import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.local.FashionMnist;
import java.util.List;
import java.util.Map;

/**
 * A real classifier that is trained in a moment: the nearest class mean, which is linear in the
 * pixels (Bishop, Pattern Recognition and Machine Learning, 4.1). About two thirds of the images of
 * Fashion-MNIST are recognised.
 */
final class CentroidModel {
  private CentroidModel() {}

  /**
   * The model as ONNX: {@code x} float [n, 1, 28, 28], pixels in [0, 1], to probabilities [n, 10].
   */
  static byte[] train(FashionMnist samples) {
    double[][] means = means(samples);
    float[] weights = new float[FashionMnist.PIXELS * FashionMnist.CLASSES];
    float[] bias = new float[FashionMnist.CLASSES];
    for (int c = 0; c < FashionMnist.CLASSES; c++) {
      double squares = 0;
      for (int p = 0; p < FashionMnist.PIXELS; p++) {
        weights[p * FashionMnist.CLASSES + c] = (float) means[c][p];
        squares += means[c][p] * means[c][p];
      }
      bias[c] = (float) (-squares / 2);
    }
    return OnnxSerializer.serialize(graph(weights, bias));
  }

  private static double[][] means(FashionMnist samples) {
    double[][] sums = new double[FashionMnist.CLASSES][FashionMnist.PIXELS];
    int[] counts = new int[FashionMnist.CLASSES];
    for (int i = 0; i < samples.samples(); i++) {
      int c = samples.label(i);
      counts[c]++;
      for (int p = 0; p < FashionMnist.PIXELS; p++) {
        sums[c][p] += samples.pixel(i, p) / 255.0;
      }
    }
    for (int c = 0; c < sums.length; c++) {
      for (int p = 0; p < FashionMnist.PIXELS; p++) {
        sums[c][p] /= counts[c];
      }
    }
    return sums;
  }

  private static Graph graph(float[] weights, float[] bias) {
    Tensor kernel = Tensor.of(weights, FashionMnist.PIXELS, FashionMnist.CLASSES);
    Tensor shift = Tensor.of(bias, FashionMnist.CLASSES);
    return new Graph(
        17,
        List.of(
            new ValueInfo(
                "x",
                DataType.FLOAT,
                List.of(
                    ValueInfo.UNKNOWN, 1L, (long) FashionMnist.HEIGHT, (long) FashionMnist.WIDTH))),
        List.of(
            new ValueInfo(
                "probabilities",
                DataType.FLOAT,
                List.of(ValueInfo.UNKNOWN, (long) FashionMnist.CLASSES))),
        List.of(
            node("flatten", "Flatten", List.of("x"), "pixels", 1),
            new Node(
                "means", "Gemm", List.of("pixels", "means.W", "means.b"), List.of("l"), Map.of()),
            node("softmax", "Softmax", List.of("l"), "probabilities", -1)),
        Map.of("means.W", kernel, "means.b", shift),
        List.of(
            new Parameter("means.W", "means.W", "means", Parameter.Role.KERNEL),
            new Parameter("means.b", "means.b", "means", Parameter.Role.BIAS)));
  }

  private static Node node(
      String name, String operator, List<String> inputs, String output, long axis) {
    return new Node(
        name, operator, inputs, List.of(output), Map.of("axis", new Attribute.Int(axis)));
  }
}
