package dev.espalier.engine.format.dl4j;

import static dev.espalier.contract.ReasonCode.UNSUPPORTED_MASK;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.dl4j.Convolution.Kind;
import dev.espalier.engine.format.dl4j.Typed.Family;

/** Reads layers, and those they wrap. */
final class LayerReader {
  /** How deep layers may wrap each other: frozen, bidirectional, last step, the layer itself. */
  private static final int DEPTH = 4;

  private final int depth;

  LayerReader() {
    this(0);
  }

  private LayerReader(int depth) {
    this.depth = depth;
  }

  /**
   * Reads a layer.
   *
   * @param object as the configuration has it, with its class
   */
  Layer read(Site site, Fields object) {
    return read(site, object, false);
  }

  /** Reads a layer that another one wraps. */
  Layer inner(Site site, Fields object, String prefix, boolean reverse) {
    if (depth == DEPTH) {
      throw object.unsupported("layers are wrapped in each other too often");
    }
    return new LayerReader(depth + 1).read(site.wrapping(object, prefix), object, reverse);
  }

  private Layer read(Site site, Fields object, boolean reverse) {
    Typed typed = Typed.of(Family.LAYER, object);
    Fields fields = typed.fields();
    Regularisation.requireHarmless(fields);
    Site own = site.wrapping(fields);
    Layer layer = layer(own, typed.kind(), reverse);
    double ratio = Regularisation.dropRatio(fields);
    return ratio > 0 ? new Simple.WithDropout(own, ratio, layer) : layer;
  }

  private Layer layer(Site site, String kind, boolean reverse) {
    Fields fields = site.fields();
    return switch (kind) {
      case "DenseLayer" -> Dense.of(site);
      case "OutputLayer" -> Dense.of(withLoss(site));
      case "RnnOutputLayer" ->
          new Simple.EachStep(site, Dense.of(withLoss(site)), site.featuresLast("rnnDataFormat"));
      case "ConvolutionLayer", "Convolution2D" -> Convolution.of(site, Kind.FULL, 2);
      case "Convolution1DLayer", "Convolution1D" -> Convolution.of(site, Kind.FULL, 1);
      case "Deconvolution2D" -> Convolution.of(site, Kind.TRANSPOSED, 2);
      case "DepthwiseConvolution2D" -> Convolution.of(site, Kind.DEPTHWISE, 2);
      case "SeparableConvolution2D" -> Convolution.of(site, Kind.SEPARABLE, 2);
      case "SubsamplingLayer", "Pooling2D" -> Pooling.of(site, 2);
      case "Subsampling1DLayer", "Pooling1D" -> Pooling.of(site, 1);
      case "GlobalPoolingLayer" -> GlobalPooling.of(site);
      case "BatchNormalization" -> BatchNormalization.of(site);
      case "LocalResponseNormalization" -> LocalResponseNormalization.of(site);
      case "EmbeddingLayer" -> Embedding.of(site, false);
      case "EmbeddingSequenceLayer" -> Embedding.of(site, true);
      case "LSTM" -> Recurrent.lstm(site, reverse);
      case "recurrent.SimpleRnn" -> Recurrent.simple(site, reverse);
      case "recurrent.Bidirectional" -> Bidirectional.of(site, this);
      case "recurrent.LastTimeStep" ->
          new Simple.LastStep(site, underlying(site, reverse), reverse ? 0 : -1);
      case "recurrent.TimeDistributed" ->
          new Simple.EachStep(site, underlying(site, reverse), site.featuresLast("rnnDataFormat"));
      case "misc.FrozenLayer" ->
          undropped(inner(site.freeze(), fields.requiredObject("layer"), "", reverse));
      case "misc.FrozenLayerWithBackprop" -> undropped(underlying(site.freeze(), reverse));
      case "misc.RepeatVector" ->
          new Simple.Repeat(site, fields.integer("n", 1), site.featuresLast("dataFormat"));
      case "misc.ElementWiseMultiplicationLayer" -> Scaling.of(site);
      case "PReLULayer" -> Slopes.of(site);
      case "Upsampling2D" -> Upsampling.of(site, 2);
      case "Upsampling1D" -> Upsampling.of(site, 1);
      case "SpaceToDepthLayer" ->
          new Simple.Blocks(site, fields.integer("blockSize", 1), site.channelsLast("dataFormat"));
      case "ZeroPaddingLayer" -> Borders.of(site, 2, false);
      case "ZeroPadding1DLayer" -> Borders.of(site, 1, false);
      case "convolutional.Cropping2D" -> Borders.of(site, 2, true);
      case "convolutional.Cropping1D" -> Borders.of(site, 1, true);
      case "ActivationLayer" -> function(site, false);
      case "LossLayer" -> function(withLoss(site), false);
      case "RnnLossLayer", "CnnLossLayer" -> function(withLoss(site), true);
      case "DropoutLayer", "util.MaskLayer" -> new Simple.Nothing();
      case "util.MaskZeroLayer" ->
          throw new Refusal(
              UNSUPPORTED_MASK,
              "layer '%s' masks time steps by their values, which is not supported"
                  .formatted(site.name()));
      case "GravesLSTM", "GravesBidirectionalLSTM" ->
          throw fields.unsupported(kind + " has peephole connections, which are not supported");
      default -> throw fields.unsupported("type '" + kind + "' is not supported");
    };
  }

  private Layer underlying(Site site, boolean reverse) {
    return inner(site, site.fields().requiredObject("underlying"), "", reverse);
  }

  /** Deeplearning4j runs frozen layers as in inference, also while it trains others. */
  private static Layer undropped(Layer frozen) {
    return frozen instanceof Simple.WithDropout dropout ? dropout.inner() : frozen;
  }

  private static Layer function(Site site, boolean overChannels) {
    return new Simple.Function(site, Activation.of(site.fields()), overChannels);
  }

  /**
   * Losses are for training, which chooses its own; only a mixture's outputs mean another thing.
   */
  private static Site withLoss(Site site) {
    Fields fields = site.fields();
    if (fields.object("lossFn").isPresent()) {
      String loss = Typed.of(Family.LOSS, fields.requiredObject("lossFn")).kind();
      if (loss.equals("MixtureDensity")) {
        throw fields.unsupported("loss '" + loss + "' is not supported");
      }
    }
    return site;
  }
}
