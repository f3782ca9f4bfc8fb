package dev.espalier.engine.format.keras.layer;

import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static java.util.Map.entry;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.ValueInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The layers that are read, by class. */
public final class Layers {
  /** What stands for the class of a function that is called like a layer. */
  public static final String FUNCTION = "keras.ops";

  /** Most elements a layer may give for one sample: 1 GiB of floats. */
  private static final long LARGEST_SAMPLE = 1L << 28;

  /** Layers that compute nothing of their elements, or want integers. */
  private static final Set<String> KEEPING_TYPES =
      Set.of("Embedding", "Flatten", "Reshape", "Permute", "TimeDistributed");

  private static final Map<String, Lowering> BY_CLASS = new TreeMap<>();

  static {
    BY_CLASS.putAll(
        Map.ofEntries(
            entry("Dense", new Dense()),
            entry("Activation", new Activation()),
            entry("ReLU", new Rectifier()),
            entry("PReLU", new ParametricRectifier()),
            entry("LeakyReLU", slope()),
            entry("ELU", new Parameterised("Elu", List.of("alpha"), 1)),
            entry("ThresholdedReLU", new Parameterised("ThresholdedRelu", List.of("theta"), 1)),
            entry("Softmax", new Softmax()),
            entry("BatchNormalization", new BatchNormalization()),
            entry("BatchNormalizationV1", new BatchNormalization()), // TensorFlow 1.13 to 1.15
            entry("SyncBatchNormalization", new BatchNormalization()),
            entry("LayerNormalization", new LayerNormalization()),
            entry("GroupNormalization", new GroupNormalization()),
            entry("UnitNormalization", new UnitNormalization()),
            entry("Normalization", new Normalization()),
            entry("Rescaling", new Rescaling()),
            entry("Resizing", new Resizing()),
            entry("Flatten", new Flatten()),
            entry("Reshape", new Reshape()),
            entry("Permute", new Permute()),
            entry("RepeatVector", new RepeatVector())));
    BY_CLASS.putAll(
        Map.ofEntries(
            entry("Add", new Merging("Add", false, false)),
            entry("Subtract", new Merging("Sub", false, false)),
            entry("Average", new Merging("Add", true, false)),
            entry("Multiply", new Merging("Mul", false, true)),
            entry("Maximum", new Merging("Max", false, true)),
            entry("Minimum", new Merging("Min", false, true)),
            entry("Concatenate", new Concatenate()),
            entry("Dot", new Dot()),
            entry("Embedding", new Embedding()),
            entry("Masking", new Masking()),
            entry("LSTM", new Recurrent(Cell.LSTM)),
            entry("GRU", new Recurrent(Cell.GRU)),
            entry("SimpleRNN", new Recurrent(Cell.SIMPLE)),
            entry("RNN", new CellRunner()),
            entry("Bidirectional", new Bidirectional()),
            entry("TimeDistributed", new TimeDistributed()),
            entry(FUNCTION, new FunctionLayer()),
            entry("Attention", new Attention(false)),
            entry("AdditiveAttention", new Attention(true)),
            entry("MultiHeadAttention", new MultiHeadAttention())));
    for (int axes = 1; axes <= 3; axes++) {
      onImages(axes);
    }
    for (String drops :
        List.of("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D")) {
      BY_CLASS.put(drops, new Regularization(true));
    }
    for (String quiet :
        List.of(
            "GaussianNoise",
            "GaussianDropout",
            "AlphaDropout",
            "ActivityRegularization",
            "Identity",
            "RandomFlip",
            "RandomRotation",
            "RandomZoom",
            "RandomTranslation",
            "RandomContrast",
            "RandomBrightness")) {
      BY_CLASS.put(quiet, new Regularization(false));
    }
  }

  private Layers() {}

  private static Lowering slope() {
    return new Parameterised("LeakyRelu", List.of("negative_slope", "alpha"), 0.3);
  }

  private static void onImages(int axes) {
    String d = axes + "D";
    BY_CLASS.put("Conv" + d, new Convolution(axes));
    BY_CLASS.put("Conv" + d + "Transpose", new TransposedConvolution(axes));
    BY_CLASS.put("MaxPooling" + d, new Pooling("MaxPool", axes));
    BY_CLASS.put("AveragePooling" + d, new Pooling("AveragePool", axes));
    BY_CLASS.put("GlobalMaxPooling" + d, new GlobalPooling(false, axes));
    BY_CLASS.put("GlobalAveragePooling" + d, new GlobalPooling(true, axes));
    BY_CLASS.put("ZeroPadding" + d, new ZeroPadding(axes));
    BY_CLASS.put("Cropping" + d, new Cropping(axes));
    BY_CLASS.put("UpSampling" + d, new UpSampling(axes));
    if (axes < 3) {
      BY_CLASS.put("DepthwiseConv" + d, new DepthwiseConvolution(axes));
      BY_CLASS.put("SeparableConv" + d, new SeparableConvolution(axes));
    }
  }

  /** The classes that are read. */
  public static Set<String> classes() {
    return Set.copyOf(BY_CLASS.keySet());
  }

  /**
   * Lowers a call of a layer.
   *
   * @throws Refusal {@code layer-unsupported} for a class that is not read, {@code graph-too-large}
   *     when its result cannot be held
   */
  public static List<Value> lower(LayerCall call) {
    Lowering lowering = BY_CLASS.get(call.layer().className());
    if (lowering == null) {
      throw call.unsupported("this class of layer is not supported");
    }
    try {
      List<Value> results =
          lowering.lower(KEEPING_TYPES.contains(call.layer().className()) ? call : floats(call));
      results.forEach(result -> requireHeld(call, result));
      return results;
    } catch (ArithmeticException e) {
      throw new Refusal(
          GRAPH_TOO_LARGE, call.config().where() + ": its sizes exceed what can be counted", e);
    }
  }

  /** The same call on floats: Keras computes in floats whatever integers are fed. */
  private static LayerCall floats(LayerCall call) {
    if (call.inputs().stream().allMatch(input -> input.type() == DataType.FLOAT)) {
      return call;
    }
    Nodes on = new Nodes(call);
    return call.on(
        call.layer(), call.weights(), call.inputs().stream().map(on::floats).toArray(Value[]::new));
  }

  private static void requireHeld(LayerCall call, Value result) {
    long elements = 1;
    for (long size : result.shape().subList(1, result.rank())) {
      elements = size == ValueInfo.UNKNOWN ? elements : Math.multiplyExact(elements, size);
    }
    if (elements > LARGEST_SAMPLE) {
      throw new Refusal(
          GRAPH_TOO_LARGE,
          "%s: its result %s has %,d elements for one sample"
              .formatted(call.config().where(), result.shape(), elements));
    }
  }
}
