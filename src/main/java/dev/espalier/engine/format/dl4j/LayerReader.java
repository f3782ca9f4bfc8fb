package dev.espalier.engine.format.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** Reads one element of a configuration's {@code confs}. */
final class LayerReader {
  private static final String PACKAGE = "org.deeplearning4j.nn.conf.layers.";
  private static final String DROPOUT = "org.deeplearning4j.nn.conf.dropout.Dropout";
  private static final String LOSSES = "org.nd4j.linalg.lossfunctions.impl.Loss";
  private static final Set<String> LOSS_NAMES =
      Set.of("MCXENT", "SparseMCXENT", "NegativeLogLikelihood", "BinaryXENT", "MSE");

  private LayerReader() {}

  /** A layer with the dropout before it. */
  record Read(Layer layer, double dropRatio) {}

  /**
   * Reads a layer.
   *
   * @param index its position, from 0
   */
  static Read read(int index, JsonNode conf) {
    Fields outer = new Fields(conf, "layer " + index);
    Fields unnamed = outer.requiredObject("layer");
    String name = unnamed.text("layerName").orElse("layer" + index);
    Fields layer = new Fields(conf.path("layer"), "layer " + index + " '" + name + "'");
    if (!layer.isUnset("weightNoise")) {
      throw layer.unsupported("weight noise is not supported");
    }
    return new Read(layer(index, name, layer), dropRatio(layer));
  }

  private static Layer layer(int index, String name, Fields layer) {
    String type = layer.className().orElse("");
    return switch (type) {
      case PACKAGE + "ConvolutionLayer" -> Convolution.of(index, name, layer);
      case PACKAGE + "SubsamplingLayer" -> Pooling.of(name, layer);
      case PACKAGE + "DenseLayer" -> Dense.of(index, name, layer);
      case PACKAGE + "OutputLayer" -> Dense.of(index, name, withKnownLoss(layer));
      case PACKAGE + "LossLayer" -> Elementwise.of(name, withKnownLoss(layer));
      case PACKAGE + "ActivationLayer" -> Elementwise.of(name, layer);
      case PACKAGE + "DropoutLayer" -> Elementwise.identity(name);
      default -> throw layer.unsupported("type '" + type + "' is not supported yet");
    };
  }

  private static Fields withKnownLoss(Fields layer) {
    String loss = layer.requiredObject("lossFn").className().orElse("");
    if (!loss.startsWith(LOSSES) || !LOSS_NAMES.contains(loss.substring(LOSSES.length()))) {
      throw layer.unsupported("loss '" + loss + "' is not supported yet");
    }
    return layer;
  }

  /** Deeplearning4j stores the probability of keeping an element. */
  private static double dropRatio(Fields layer) {
    if (layer.isUnset("idropout")) {
      return 0;
    }
    Fields dropout = layer.requiredObject("idropout");
    String type = dropout.className().orElse("");
    if (!type.equals(DROPOUT) || !dropout.isUnset("pschedule")) {
      throw layer.unsupported("dropout of type '" + type + "' or by schedule is not supported yet");
    }
    double keep = dropout.number("p").orElse(1.0);
    if (keep <= 0 || keep > 1) {
      throw layer.malformed("its dropout keeps elements with probability " + keep);
    }
    return 1 - keep;
  }
}
