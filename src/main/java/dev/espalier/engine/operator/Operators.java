package dev.espalier.engine.operator;

import java.util.Map;
import java.util.function.Function;

/** The operators that can be trained. */
public final class Operators {
  private static final Map<String, Function<Site, Operator>> BY_NAME =
      Map.ofEntries(
          Map.entry("Add", Add::new),
          Map.entry("AveragePool", AveragePool::new),
          Map.entry("Cast", Cast::new),
          Map.entry("Concat", Concat::new),
          Map.entry("Conv", Conv::new),
          Map.entry("Dropout", Dropout::new),
          Map.entry("Expand", Expand::new),
          Map.entry("Flatten", Flatten::new),
          Map.entry("Gather", Operators::gather),
          Map.entry("Gemm", Gemm::new),
          Map.entry("GlobalAveragePool", GlobalAveragePool::new),
          Map.entry("GRU", Gru::new),
          Map.entry("Identity", Identity::new),
          Map.entry("LSTM", Lstm::new),
          Map.entry("LogSoftmax", LogSoftmax::new),
          Map.entry("MatMul", MatMul::new),
          Map.entry("MaxPool", MaxPool::new),
          Map.entry("RNN", Rnn::new),
          Map.entry("Relu", Relu::new),
          Map.entry("Reshape", Reshape::new),
          Map.entry("Sigmoid", Sigmoid::new),
          Map.entry("Slice", Slice::new),
          Map.entry("Softmax", Softmax::new),
          Map.entry("Split", Split::new),
          Map.entry("Squeeze", Squeeze::new),
          Map.entry("Tanh", Tanh::new),
          Map.entry("Transpose", Transpose::new),
          Map.entry("Unsqueeze", Unsqueeze::new));

  private Operators() {}

  private static Operator gather(Site site) {
    return site.isConstant(1) ? new Gather(site) : new Lookup(site);
  }

  /** Whether the operator of that ONNX name can be trained. */
  public static boolean knows(String operator) {
    return BY_NAME.containsKey(operator);
  }

  /**
   * The operator of a node.
   *
   * @throws Untrainable when it is not known or the node's attributes are not supported
   */
  public static Operator of(Site site) {
    Function<Site, Operator> operator = BY_NAME.get(site.node().operator());
    if (operator == null) {
      throw site.untrainable("is not an operator that can be trained");
    }
    return operator.apply(site);
  }
}
