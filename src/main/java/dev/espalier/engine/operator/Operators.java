package dev.espalier.engine.operator;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The operators that can be trained. */
public final class Operators {
  private interface Maker {
    Operator of(Site site);
  }

  private static final Map<String, Maker> BY_NAME =
      Map.ofEntries(
          Map.entry("Add", Add::new),
          Map.entry("And", Comparison::new),
          Map.entry("AveragePool", AveragePool::new),
          Map.entry("BatchNormalization", BatchNormalization::new),
          Map.entry("Cast", Cast::new),
          Map.entry("Clip", Clip::new),
          Map.entry("Concat", Concat::new),
          Map.entry("Conv", Conv::new),
          Map.entry("ConvTranspose", ConvTranspose::new),
          Map.entry("DepthToSpace", DepthToSpace::new),
          Map.entry("Div", Div::new),
          Map.entry("Dropout", Dropout::new),
          Map.entry("Equal", Comparison::new),
          Map.entry("Expand", Expand::new),
          Map.entry("Flatten", Flatten::new),
          Map.entry("Gather", Operators::gather),
          Map.entry("Gemm", Gemm::new),
          Map.entry("GlobalAveragePool", GlobalAveragePool::new),
          Map.entry("GlobalMaxPool", GlobalMaxPool::new),
          Map.entry("Greater", Comparison::new),
          Map.entry("GreaterOrEqual", Comparison::new),
          Map.entry("GroupNormalization", GroupNormalization::new),
          Map.entry("HardSigmoid", HardSigmoid::new),
          Map.entry("HardSwish", HardSwish::new),
          Map.entry("Identity", Identity::new),
          Map.entry("InstanceNormalization", InstanceNormalization::new),
          Map.entry("GRU", Gru::new),
          Map.entry("LRN", Lrn::new),
          Map.entry("LSTM", Lstm::new),
          Map.entry("LayerNormalization", LayerNormalization::new),
          Map.entry("LeakyRelu", LeakyRelu::new),
          Map.entry("Less", Comparison::new),
          Map.entry("LessOrEqual", Comparison::new),
          Map.entry("LogSoftmax", LogSoftmax::new),
          Map.entry("MatMul", MatMul::new),
          Map.entry("Max", Extreme::largest),
          Map.entry("MaxPool", MaxPool::new),
          Map.entry("Mean", Mean::new),
          Map.entry("Min", Extreme::smallest),
          Map.entry("Mul", Mul::new),
          Map.entry("Not", Comparison::new),
          Map.entry("Or", Comparison::new),
          Map.entry("PRelu", PRelu::new),
          Map.entry("Pad", Pad::new),
          Map.entry("Pow", Pow::of),
          Map.entry("RNN", Rnn::new),
          Map.entry("ReduceL2", Reduce::new),
          Map.entry("ReduceMax", Reduce::new),
          Map.entry("ReduceMean", Reduce::new),
          Map.entry("ReduceMin", Reduce::new),
          Map.entry("ReduceSum", Reduce::new),
          Map.entry("ReduceSumSquare", Reduce::new),
          Map.entry("Relu", Relu::new),
          Map.entry("Reshape", Reshape::new),
          Map.entry("Resize", NearestResize::of),
          Map.entry("Sigmoid", Sigmoid::new),
          Map.entry("Slice", Slice::new),
          Map.entry("Softmax", Softmax::new),
          Map.entry("SpaceToDepth", SpaceToDepth::new),
          Map.entry("Split", Split::new),
          Map.entry("Squeeze", Squeeze::new),
          Map.entry("Sub", Sub::new),
          Map.entry("Sum", Sum::new),
          Map.entry("Tanh", Tanh::new),
          Map.entry("ThresholdedRelu", ThresholdedRelu::new),
          Map.entry("Transpose", Transpose::new),
          Map.entry("Unsqueeze", Unsqueeze::new),
          Map.entry("Upsample", NearestResize::of),
          Map.entry("Where", Where::new),
          Map.entry("Xor", Comparison::new));

  private Operators() {}

  private static Operator gather(Site site) {
    return site.isConstant(1) ? new Gather(site) : new Lookup(site);
  }

  /** Whether the operator of that ONNX name can be trained. */
  public static boolean knows(String operator) {
    return BY_NAME.containsKey(operator) || Functions.names().contains(operator);
  }

  /** ONNX names of all operators that can be trained, in alphabetical order. */
  public static SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>(BY_NAME.keySet());
    names.addAll(Functions.names());
    return names;
  }

  /**
   * The operator of a node.
   *
   * @throws Untrainable when it is not known or the node's attributes are not supported
   */
  public static Operator of(Site site) {
    String name = site.node().operator();
    if (Functions.names().contains(name)) {
      return Functions.of(site);
    }
    Maker maker = BY_NAME.get(name);
    if (maker == null) {
      throw site.untrainable("is not an operator that can be trained");
    }
    return maker.of(site);
  }
}
