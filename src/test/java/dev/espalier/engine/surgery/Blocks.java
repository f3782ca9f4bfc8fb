package dev.espalier.engine.surgery;

import static dev.espalier.engine.surgery.Net.integer;
import static dev.espalier.engine.surgery.Net.ints;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.List;
import java.util.Map;

/** Nets of several layers that belong together. */
final class Blocks {
  private Blocks() {}

  static Graph residual(Net n) {
    String x = n.input("x", 3, 8, 8);
    x = n.node("Relu", n.convBn(x, "stem", 3, 6, 3, 1));
    String y = n.node("Relu", n.convBn(x, "a", 6, 6, 3, 1));
    x = n.node("Relu", n.node("Add", n.convBn(y, "b", 6, 6, 3, 1), x));
    y = n.node("Relu", n.convBn(x, "c", 6, 8, 3, 1));
    y = n.convBn(y, "d", 8, 8, 3, 1);
    x = n.node("Relu", n.node("Add", y, n.convBn(x, "skip", 6, 8, 1, 1)));
    return n.classified(x, 8);
  }

  static Graph attention(Net n) {
    String x = n.input("x", 5, 6);
    String q = heads(n, n.matMul(x, "query", 6, 8), "q", 0, 2, 1, 3);
    String k = heads(n, n.matMul(x, "key", 6, 8), "k", 0, 2, 3, 1);
    String v = heads(n, n.matMul(x, "value", 6, 8), "v", 0, 2, 1, 3);
    String scores = n.node("Softmax", Map.of("axis", integer(-1)), n.node("MatMul", q, k));
    x = Nets.transposed(n, n.node("MatMul", scores, v), 0, 2, 1, 3);
    x = n.matMul(n.node("Reshape", x, n.integers("joined", 0, 5, 8)), "out", 8, 6);
    x = n.node("LayerNormalization", x, n.weights("norm.scale", Role.NORMALIZATION, 6));
    x = n.node("Relu", n.matMul(x, "up", 6, 6));
    x = n.node("ReduceMean", Map.of("axes", ints(1), "keepdims", integer(0)), x);
    return n.build(n.matMul(x, "head", 6, 3));
  }

  static Graph recurrent(Net n) {
    String x = Nets.transposed(n, n.input("x", 6, 3), 1, 0, 2);
    Map<String, Attribute> five = Map.of("hidden_size", integer(5));
    x =
        n.nodes(
                "LSTM",
                five,
                1,
                x,
                n.weights("lstm.W", Role.KERNEL, 1, 20, 3),
                n.weights("lstm.R", Role.KERNEL, 1, 20, 5),
                n.weights("lstm.B", Role.BIAS, 1, 40))
            .get(0);
    x = n.node("Squeeze", x, n.integers("directions", 1));
    List<String> y =
        n.nodes(
            "GRU",
            Map.of("hidden_size", integer(4), "direction", new Attribute.Text("bidirectional")),
            2,
            x,
            n.weights("gru.W", Role.KERNEL, 2, 12, 5),
            n.weights("gru.R", Role.KERNEL, 2, 12, 4),
            n.weights("gru.B", Role.BIAS, 2, 24));
    x = Nets.transposed(n, y.get(1), 1, 0, 2);
    x = n.node("Reshape", x, n.integers("flat", -1, 8));
    return n.build(n.dense(x, "head", 8, 3));
  }

  static Graph sliced(Net n) {
    String x = n.node("Relu", n.conv(n.input("x", 2, 4, 4), "conv1", 2, 8, 3));
    String axes = n.integers("axes", 1);
    String first = n.node("Slice", x, n.integers("from", 0), n.integers("to", 3), axes);
    String last =
        n.node("Slice", x, n.integers("after", -5), n.integers("end", Long.MAX_VALUE), axes);
    first = n.node("Tanh", n.conv(first, "left", 3, 4, 3));
    x = n.node("Concat", Map.of("axis", integer(1)), first, last);
    return n.classified(x, 9);
  }

  private static String heads(Net n, String x, String name, long... order) {
    return Nets.transposed(n, n.node("Reshape", x, n.integers(name, 0, 5, 2, 4)), order);
  }
}
