package dev.espalier.engine.surgery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** How channels pass through each operator. Those that are not listed stop them. */
final class Rules {
  private static final Map<String, Rule> BY_NAME = byName();

  /** Operators whose rules speak of all results. */
  private static final Set<String> SEVERAL_RESULTS = Set.of("Split", "LSTM", "GRU", "RNN");

  private Rules() {}

  private static Map<String, Rule> byName() {
    Map<String, Rule> rules = new HashMap<>();
    Unary.keepingZero().forEach(name -> rules.put(name, Unary::keepZero));
    Unary.leavingAConstant().forEach(name -> rules.put(name, Unary::leaveConstant));
    rules.put("Clip", Unary::clip);
    elementwise(rules, Remainder.SUM, "Add", "Sub", "Sum", "Mean");
    elementwise(rules, Remainder.PRODUCT, "Mul");
    elementwise(rules, Remainder.QUOTIENT, "Div");
    elementwise(rules, Remainder.POWER, "Pow");
    elementwise(rules, Remainder.MAXIMUM, "Max");
    elementwise(rules, Remainder.MINIMUM, "Min");
    elementwise(rules, Remainder.SLOPE, "PRelu");
    elementwise(rules, Remainder.CHOICE, "Where");
    elementwise(
        rules,
        Remainder.COMPARISON,
        "Equal",
        "Greater",
        "GreaterOrEqual",
        "Less",
        "LessOrEqual",
        "And",
        "Or",
        "Xor");
    rules.put("Conv", Convolutions::conv);
    rules.put("ConvTranspose", Convolutions::transposed);
    rules.put("Gemm", MatrixProducts::gemm);
    rules.put("MatMul", MatrixProducts::matMul);
    rules.put("BatchNormalization", Normalizations::perChannel);
    rules.put("InstanceNormalization", Normalizations::perChannel);
    List.of("Softmax", "LogSoftmax", "Hardmax")
        .forEach(name -> rules.put(name, Normalizations::softmax));
    List.of(
            "AveragePool",
            "MaxPool",
            "LpPool",
            "GlobalAveragePool",
            "GlobalMaxPool",
            "GlobalLpPool")
        .forEach(name -> rules.put(name, Reductions::pool));
    Reductions.NAMES.forEach(name -> rules.put(name, Reductions::reduce));
    List.of("Resize", "Upsample").forEach(name -> rules.put(name, Reductions::resize));
    rules.put("Transpose", Movements::transpose);
    List.of("Reshape", "Flatten", "Squeeze", "Unsqueeze")
        .forEach(name -> rules.put(name, Movements::reshape));
    rules.put("DepthToSpace", Movements::depthToSpace);
    rules.put("SpaceToDepth", Movements::spaceToDepth);
    rules.put("Expand", Movements::expand);
    rules.put("Tile", Movements::tile);
    rules.put("ConstantOfShape", Generations::constantOfShape);
    rules.put("Concat", Joints::concat);
    rules.put("Split", Joints::split);
    rules.put("Slice", Selections::slice);
    rules.put("Gather", Selections::gather);
    rules.put("Pad", Selections::pad);
    List.of("LSTM", "GRU", "RNN").forEach(name -> rules.put(name, Recurrents::apply));
    rules.put("DequantizeLinear", Quantizations::dequantize);
    rules.put("QuantizeLinear", Quantizations::quantize);
    return Map.copyOf(rules);
  }

  private static void elementwise(Map<String, Rule> rules, Remainder remainder, String... names) {
    for (String name : names) {
      rules.put(name, Elementwise.of(remainder));
    }
  }

  /** ONNX names of the operators that channels pass, in alphabetical order. */
  static SortedSet<String> names() {
    return new TreeSet<>(BY_NAME.keySet());
  }

  /** The rule of an operator. */
  static Rule of(String operator) {
    return BY_NAME.getOrDefault(operator, passage -> passage.pinAll("does not pass channels on"));
  }

  /** Whether the rule of an operator says what all of its results are. */
  static boolean knowsAllResults(String operator) {
    return SEVERAL_RESULTS.contains(operator);
  }
}
