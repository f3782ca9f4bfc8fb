package dev.espalier.engine.operator;

import ai.onnxruntime.OrtException;
import dev.espalier.engine.format.RuntimeProbe;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A recurrent node with random weights and, on request, uneven lengths, bound to buffers. */
final class RecurrentNode {
  private static final long STEPS = 4;
  private static final long SAMPLES = 3;
  private static final long INPUTS = 3;
  private static final long HIDDEN = 2;

  private final String name;
  private final Node node;
  private final Map<String, Value> operands = new LinkedHashMap<>();
  private final List<Value> results = new ArrayList<>();
  private final Step step;

  RecurrentNode(String operator, boolean lengths, Map<String, Attribute> attributes) {
    // Sorted: the name seeds the weights, and the order of Map.of changes from run to run.
    name =
        operator + " " + new TreeMap<>(attributes).values() + (lengths ? " of uneven lengths" : "");
    long gates = operator.equals("LSTM") ? 4 : operator.equals("GRU") ? 3 : 1;
    boolean both = attributes.containsValue(new Attribute.Text("bidirectional"));
    long d = both ? 2 : 1;
    Random random = new Random(name.hashCode());
    real("x", random, STEPS, SAMPLES, INPUTS);
    real("w", random, d, gates * HIDDEN, INPUTS);
    real("r", random, d, gates * HIDDEN, HIDDEN);
    real("b", random, d, 2 * gates * HIDDEN);
    if (lengths) {
      operands.put("lengths", new Value(lengths(4, 1, 3), null));
    }
    real("h0", random, d, SAMPLES, HIDDEN);
    List<String> inputs = new ArrayList<>(List.of("x", "w", "r", "b", lengths ? "lengths" : ""));
    inputs.add("h0");
    if (operator.equals("LSTM")) {
      real("c0", random, d, SAMPLES, HIDDEN);
      inputs.add("c0");
    }
    Map<String, Attribute> all = new HashMap<>(attributes);
    all.put("hidden_size", new Attribute.Int(HIDDEN));
    List<String> outputs = operator.equals("LSTM") ? List.of("y", "h", "c") : List.of("y", "h");
    node = new Node("n", operator, inputs, outputs, all);
    Operator.Multiple bound = (Operator.Multiple) Operators.of(new Site(node, 14, Map.of()));
    List<Value> values = List.copyOf(operands.values());
    for (long[] shape : bound.shapes(values.stream().map(v -> v.data().shape()).toList())) {
      Value result = Value.allocate(true, shape);
      fill(result.requiredGradient(), random);
      results.add(result);
    }
    step = bound.bind(values, results);
  }

  private void real(String operand, Random random, long... shape) {
    Value value = Value.allocate(true, shape);
    fill(value.data(), random);
    operands.put(operand, value);
  }

  private static void fill(Tensor tensor, Random random) {
    for (int i = 0; i < tensor.size(); i++) {
      tensor.floats().put(i, (float) random.nextGaussian());
    }
  }

  private static Tensor lengths(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putInt(value);
    }
    return Tensor.of(DataType.INT32, bytes.flip().order(ByteOrder.LITTLE_ENDIAN), values.length);
  }

  /** The operands that have gradients. */
  Map<String, Value> differentiated() {
    Map<String, Value> values = new LinkedHashMap<>(operands);
    values.values().removeIf(value -> !value.differentiated());
    return values;
  }

  List<Value> results() {
    return results;
  }

  void forward() {
    step.forward(new SplittableRandom(1));
  }

  void backward() {
    step.backward();
  }

  /** The sum of all results' elements times their cotangents': what is differentiated. */
  double objective() {
    forward();
    double sum = 0;
    for (Value result : results) {
      float[] y = result.data().toFloats();
      float[] c = result.requiredGradient().toFloats();
      for (int i = 0; i < y.length; i++) {
        sum += (double) y[i] * c[i];
      }
    }
    return sum;
  }

  /** What ONNX Runtime computes as the node's result of that number. */
  float[] runtimesResult(int number) throws OrtException {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    operands.forEach((operand, value) -> constants.put(operand, value.data()));
    Tensor x = constants.remove("x");
    ValueInfo input = new ValueInfo("x", DataType.FLOAT, List.of(STEPS, SAMPLES, INPUTS));
    List<Long> dimensions = new ArrayList<>();
    for (long dimension : results.get(number).data().shape()) {
      dimensions.add(dimension);
    }
    ValueInfo output = new ValueInfo(node.outputs().get(number), DataType.FLOAT, dimensions);
    Graph graph =
        new Graph(14, List.of(input), List.of(output), List.of(node), constants, List.of());
    return RuntimeProbe.run(graph, x.toFloats(), x.shape());
  }

  @Override
  public String toString() {
    return name;
  }
}
