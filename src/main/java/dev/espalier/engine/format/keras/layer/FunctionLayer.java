package dev.espalier.engine.format.keras.layer;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.engine.format.json.Fields;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A function of TensorFlow or {@code keras.ops} in a Functional model: arithmetic with tensors and
 * numbers, functions of each element, reductions and joining.
 */
final class FunctionLayer implements Lowering {
  private static final Map<String, String> OF_TWO =
      Map.ofEntries(
          entry("add", "Add"),
          entry("bias_add", "Add"),
          entry("subtract", "Sub"),
          entry("sub", "Sub"),
          entry("multiply", "Mul"),
          entry("mul", "Mul"),
          entry("truediv", "Div"),
          entry("divide", "Div"),
          entry("true_divide", "Div"),
          entry("maximum", "Max"),
          entry("minimum", "Min"),
          entry("pow", "Pow"),
          entry("power", "Pow"));

  private static final Map<String, String> OF_ONE =
      Map.ofEntries(
          entry("exp", "Exp"),
          entry("log", "Log"),
          entry("sqrt", "Sqrt"),
          entry("abs", "Abs"),
          entry("absolute", "Abs"),
          entry("negative", "Neg"),
          entry("neg", "Neg"));

  private static final Map<String, String> REDUCTIONS =
      Map.ofEntries(
          entry("reduce_mean", "ReduceMean"),
          entry("mean", "ReduceMean"),
          entry("reduce_max", "ReduceMax"),
          entry("max", "ReduceMax"),
          entry("reduce_min", "ReduceMin"),
          entry("min", "ReduceMin"),
          entry("reduce_sum", "ReduceSum"),
          entry("sum", "ReduceSum"));

  @Override
  public List<Value> lower(LayerCall call) {
    Masks.none(call);
    String function = call.arguments().requiredText("function");
    Fields options = call.arguments().requiredObject("options");
    if (REDUCTIONS.containsKey(function)) {
      return List.of(reduced(call, REDUCTIONS.get(function), options));
    }
    if (function.equals("concat") || function.equals("concatenate")) {
      Fields settings = options.isAbsent("axis") ? call.config() : options;
      return new Concatenate().lower(call.configured(settings.at(call.config().where())));
    }
    for (Map.Entry<String, JsonNode> option : options.entries()) {
      throw call.unsupported(
          "'%s' with '%s' is not supported".formatted(function, option.getKey()));
    }
    if (OF_TWO.containsKey(function)) {
      return List.of(combined(call, OF_TWO.get(function)));
    }
    Value value = call.input();
    if (OF_ONE.containsKey(function)) {
      String name = new Nodes(call).node(OF_ONE.get(function), value.name());
      return List.of(value.renamed(name));
    }
    if (function.equals("square")) {
      return List.of(value.renamed(new Nodes(call).node("Mul", value.name(), value.name())));
    }
    return List.of(Functions.apply(call, function, value));
  }

  private static Value combined(LayerCall call, String operator) {
    JsonNode operands = call.arguments().raw("operands");
    if (operands.size() != 2) {
      throw call.unsupported("it combines " + operands.size() + " values, not two");
    }
    List<Value> values = Operands.aligned(call, call.inputs());
    List<Value> both = new ArrayList<>();
    for (JsonNode operand : operands) {
      JsonNode input = operand.path("input");
      if (input.isInt()) {
        both.add(values.get(input.intValue()));
      } else {
        Tensor numbers = Numbers.tensor(call, "an operand", operand);
        boolean one = numbers.size() == 1;
        if (!one) {
          values = values.stream().map(call.graph()::asKeras).toList();
          both.replaceAll(call.graph()::asKeras);
        }
        List<Long> shape = Arrays.stream(one ? new long[0] : numbers.shape()).boxed().toList();
        both.add(Value.of(call.constant("operand", one ? numbers.reshaped() : numbers), shape));
      }
    }
    String result = new Nodes(call).node(operator, both.get(0).name(), both.get(1).name());
    return values
        .get(0)
        .renamed(result)
        .shaped(Shapes.broadcast(call, both.get(0).shape(), both.get(1).shape()));
  }

  private static Value reduced(LayerCall call, String operator, Fields options) {
    Value value = call.graph().asKeras(call.input());
    Fields settings = options.isAbsent("axis") ? call.config() : options;
    List<Integer> axes =
        Settings.axes(call.configured(settings.at(call.config().where())), "axis", value.rank(), 0);
    if (axes.contains(0)) {
      throw call.unsupported("a reduction over the batch is not supported");
    }
    boolean keep = options.flag("keepdims", call.config().flag("keepdims", false));
    long[] over = axes.stream().mapToLong(Integer::longValue).toArray();
    Nodes on = new Nodes(call);
    String result =
        operator.equals("ReduceSum")
            ? on.sum(value.name(), keep, over)
            : on.over(operator, value.name(), keep, over);
    List<Long> shape = new ArrayList<>();
    for (int axis = 0; axis < value.rank(); axis++) {
      if (!axes.contains(axis)) {
        shape.add(value.dimension(axis));
      } else if (keep) {
        shape.add(1L);
      }
    }
    return value.renamed(result).shaped(shape);
  }
}
