package dev.espalier.engine.format.dl4j;

import java.util.Map;

/**
 * Short names of before 1.0.0-beta that are not the class's own, as Deeplearning4j's {@code
 * LegacyJsonFormat} maps them.
 */
final class LegacyNames {
  private static final Map<String, String> LAYERS =
      Map.ofEntries(
          Map.entry("convolution", "ConvolutionLayer"),
          Map.entry("convolution1d", "Convolution1DLayer"),
          Map.entry("gravesLSTM", "GravesLSTM"),
          Map.entry("gravesBidirectionalLSTM", "GravesBidirectionalLSTM"),
          Map.entry("output", "OutputLayer"),
          Map.entry("rnnoutput", "RnnOutputLayer"),
          Map.entry("loss", "LossLayer"),
          Map.entry("dense", "DenseLayer"),
          Map.entry("subsampling", "SubsamplingLayer"),
          Map.entry("subsampling1d", "Subsampling1DLayer"),
          Map.entry("batchNormalization", "BatchNormalization"),
          Map.entry("localResponseNormalization", "LocalResponseNormalization"),
          Map.entry("embedding", "EmbeddingLayer"),
          Map.entry("activation", "ActivationLayer"),
          Map.entry("dropout", "DropoutLayer"),
          Map.entry("GlobalPooling", "GlobalPoolingLayer"),
          Map.entry("zeroPadding", "ZeroPaddingLayer"),
          Map.entry("zeroPadding1d", "ZeroPadding1DLayer"),
          Map.entry("FrozenLayer", "misc.FrozenLayer"),
          Map.entry("Bidirectional", "recurrent.Bidirectional"),
          Map.entry("SimpleRnn", "recurrent.SimpleRnn"),
          Map.entry("ElementWiseMult", "misc.ElementWiseMultiplicationLayer"),
          Map.entry("MaskLayer", "util.MaskLayer"),
          Map.entry("MaskZeroLayer", "util.MaskZeroLayer"),
          Map.entry("Cropping1D", "convolutional.Cropping1D"),
          Map.entry("Cropping2D", "convolutional.Cropping2D"));

  private static final Map<String, String> VERTICES =
      Map.of(
          "LastTimeStepVertex", "rnn.LastTimeStepVertex",
          "ReverseTimeSeriesVertex", "rnn.ReverseTimeSeriesVertex",
          "DuplicateToTimeSeriesVertex", "rnn.DuplicateToTimeSeriesVertex");

  private static final Map<String, String> PREPROCESSORS =
      Map.of(
          "cnnToFeedForward", "CnnToFeedForward",
          "cnnToRnn", "CnnToRnn",
          "composableInput", "ComposableInput",
          "feedForwardToCnn", "FeedForwardToCnn",
          "feedForwardToRnn", "FeedForwardToRnn",
          "rnnToFeedForward", "RnnToFeedForward",
          "rnnToCnn", "RnnToCnn");

  private static final Map<String, String> ACTIVATIONS =
      Map.of("HardTanh", "HardTanH", "SWISH", "Swish");

  private LegacyNames() {}

  /** The name that a class has had since. */
  static String current(Typed.Family family, String name) {
    return switch (family) {
      case LAYER -> LAYERS.getOrDefault(name, name);
      case VERTEX -> VERTICES.getOrDefault(name, name);
      case PREPROCESSOR -> PREPROCESSORS.getOrDefault(name, name);
      case ACTIVATION -> ACTIVATIONS.getOrDefault(name, name);
      case LOSS, DROPOUT, CONSTRAINT, NOISE -> name;
    };
  }
}
