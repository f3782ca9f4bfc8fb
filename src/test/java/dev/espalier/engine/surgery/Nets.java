package dev.espalier.engine.surgery;

import static dev.espalier.engine.surgery.Net.integer;
import static dev.espalier.engine.surgery.Net.ints;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Tensor;
import java.util.List;
import java.util.Map;

/** The ways in which channels are bound to each other. */
enum Nets {
  CHAIN("conv1:6 conv2:8 fc1:10") {
    @Override
    Graph graph(Net n) {
      String x = n.input("x", 3, 8, 8);
      x = n.pool(n.node("Relu", n.conv(x, "conv1", 3, 6, 3)));
      x = n.pool(n.node("Relu", n.conv(x, "conv2", 6, 8, 3)));
      x = n.node("Relu", n.dense(n.node("Flatten", x), "fc1", 32, 10));
      return n.build(n.dense(x, "fc2", 10, 3));
    }
  },
  RESIDUAL_WITH_PROJECTION("stem, b:6 a:6 c:8 d, skip:8") {
    @Override
    Graph graph(Net n) {
      return Blocks.residual(n);
    }
  },
  CONCATENATION("left:4 right:5 join:6") {
    @Override
    Graph graph(Net n) {
      String x = n.input("x", 3, 8, 8);
      String left = n.node("Elu", n.conv(x, "left", 3, 4, 3));
      String right = n.node("Tanh", n.conv(x, "right", 3, 5, 1));
      String both = n.node("Concat", Map.of("axis", integer(1)), left, right);
      return n.classified(n.node("Relu", n.convBn(both, "join", 9, 6, 3, 1)), 6);
    }
  },
  DEPTHWISE_SEPARABLE("stem:6 point:8") {
    @Override
    Graph graph(Net n) {
      String x = n.input("x", 3, 8, 8);
      x = n.node("Relu", n.convBn(x, "stem", 3, 6, 3, 1));
      x = n.node("Relu", n.convBn(x, "depth", 6, 6, 3, 6));
      x = n.node("HardSwish", n.convBn(x, "point", 6, 8, 1, 1));
      return n.classified(x, 8);
    }
  },
  DEPTHWISE_WITH_MULTIPLIER("stem:4 point:5") {
    @Override
    Graph graph(Net n) {
      String x = n.input("x", 3, 8, 8);
      x = n.node("Relu", n.conv(x, "stem", 3, 4, 3));
      x = n.node("Relu", n.conv(x, "depth", 4, 8, 3, 4));
      return n.classified(n.node("Relu", n.conv(x, "point", 8, 5, 1)), 5);
    }
  },
  GROUPED("stem:4 grouped:3") {
    @Override
    Graph graph(Net n) {
      String x = n.input("x", 3, 8, 8);
      x = n.node("Relu", n.conv(x, "stem", 3, 8, 3));
      x = n.node("Relu", n.conv(x, "grouped", 8, 6, 3, 2));
      return n.classified(x, 6);
    }
  },
  SIGMOIDS("fc1:7 fc2:5") {
    @Override
    Graph graph(Net n) {
      String x = n.input("x", 6);
      x = n.node("Sigmoid", n.dense(x, "fc1", 6, 7));
      x = n.node("Softplus", n.dense(x, "fc2", 7, 5));
      return n.build(n.dense(x, "fc3", 5, 3));
    }
  },
  SIGMOIDS_OF_MATRIX_PRODUCTS("fc1:7") {
    @Override
    Graph graph(Net n) {
      String x = n.input("x", 4, 6);
      x = n.node("Sigmoid", n.matMul(x, "fc1", 6, 7));
      return n.build(n.matMul(x, "fc2", 7, 3));
    }
  },
  SIGMOID_BEFORE_A_CONVOLUTION_WITHOUT_BORDERS("conv1:5 conv2:4") {
    @Override
    Graph graph(Net n) {
      String x = n.node("HardSigmoid", n.conv(n.input("x", 3, 8, 8), "conv1", 3, 5, 3));
      x =
          n.node(
              "Conv",
              x,
              n.weights("conv2.weight", Role.KERNEL, 4, 5, 3, 3),
              n.weights("conv2.bias", Role.BIAS, 4));
      return n.classified(x, 4);
    }
  },
  SIGMOID_BEFORE_A_CONVOLUTION_WITH_BORDERS("conv2:4") {
    @Override
    Graph graph(Net n) {
      String x = n.node("Sigmoid", n.conv(n.input("x", 3, 8, 8), "conv1", 3, 5, 3));
      return n.classified(n.conv(x, "conv2", 5, 4, 3), 4);
    }
  },
  SQUEEZE_AND_EXCITE("stem, excite:6 squeeze:4") {
    @Override
    Graph graph(Net n) {
      String x = n.node("Relu", n.conv(n.input("x", 3, 8, 8), "stem", 3, 6, 3));
      String s = n.node("GlobalAveragePool", x);
      s = n.node("Relu", n.conv(s, "squeeze", 6, 4, 1));
      s = n.node("Sigmoid", n.conv(s, "excite", 4, 6, 1));
      return n.classified(n.node("Mul", x, s), 6);
    }
  },
  CHANNELS_LAST("conv1:5 conv2:4") {
    @Override
    Graph graph(Net n) {
      String x = transposed(n, n.input("x", 8, 8, 3), 0, 3, 1, 2);
      x = transposed(n, n.conv(x, "conv1", 3, 5, 3), 0, 2, 3, 1);
      x = n.node("Add", n.node("Relu", x), n.weights("conv1.offset", Role.OTHER, 5));
      x = transposed(n, n.node("Tanh", x), 0, 3, 1, 2);
      x = transposed(n, n.node("Relu", n.conv(x, "conv2", 5, 4, 3)), 0, 2, 3, 1);
      x = n.node("Reshape", x, n.integers("shape", -1, 256));
      return n.build(n.matMul(x, "head", 256, 3));
    }
  },
  FLATTENED_CHANNELS_FIRST("conv1:5 fc1:6") {
    @Override
    Graph graph(Net n) {
      String x = n.node("Relu", n.conv(n.input("x", 2, 4, 4), "conv1", 2, 5, 3));
      x = n.node("Reshape", x, n.integers("shape", 0, 80));
      return n.build(n.dense(n.node("Relu", n.dense(x, "fc1", 80, 6)), "fc2", 6, 3));
    }
  },
  UNFLATTENED("fc1:4 conv1:5") {
    @Override
    Graph graph(Net n) {
      String x = n.node("Relu", n.dense(n.input("x", 6), "fc1", 6, 64));
      x = n.node("Reshape", x, n.integers("shape", -1, 4, 4, 4));
      return n.classified(n.node("Relu", n.conv(x, "conv1", 4, 5, 3)), 5);
    }
  },
  SHAPES_COMPUTED_FROM_SHAPES("conv1:5") {
    @Override
    Graph graph(Net n) {
      String x = n.node("Relu", n.conv(n.input("x", 2, 4, 4), "conv1", 2, 5, 3));
      String batch =
          n.node("Gather", Map.of("axis", integer(0)), n.node("Shape", x), n.integers("first", 0));
      String channels =
          n.node("Gather", Map.of("axis", integer(0)), n.node("Shape", x), n.integers("second", 1));
      String shape =
          n.node("Concat", Map.of("axis", integer(0)), batch, channels, n.integers("rest", -1));
      x = n.node("Reshape", x, shape);
      x = n.node("ReduceMean", Map.of("axes", ints(2), "keepdims", integer(0)), x);
      return n.build(n.dense(x, "head", 5, 3));
    }
  },
  SHUFFLED("conv1:2 conv2:2") {
    @Override
    Graph graph(Net n) {
      String x = n.node("Relu", n.conv(n.input("x", 2, 4, 4), "conv1", 2, 8, 3));
      x = n.node("Reshape", x, n.integers("split", -1, 2, 4, 4, 4));
      x = transposed(n, x, 0, 2, 1, 3, 4);
      x = n.node("Reshape", x, n.integers("joined", -1, 8, 4, 4));
      x = n.conv(x, "conv2", 8, 4, 3, 2);
      return n.classified(n.node("Relu", x), 4);
    }
  },
  PADDED_SHORTCUT("stem, conv1:4 conv1:2") {
    @Override
    Graph graph(Net n) {
      String x = n.node("Relu", n.conv(n.input("x", 2, 4, 4), "stem", 2, 4, 3));
      String pads = n.integers("pads", 0, 1, 0, 0, 0, 1, 0, 0);
      String y = n.conv(x, "conv1", 4, 6, 3);
      return n.classified(n.node("Relu", n.node("Add", y, n.node("Pad", x, pads))), 6);
    }
  },
  SPLIT("conv1:3 conv1 (2):5 left:4 right:4") {
    @Override
    Graph graph(Net n) {
      String x = n.node("Relu", n.conv(n.input("x", 2, 4, 4), "conv1", 2, 8, 3));
      List<String> parts =
          n.nodes("Split", Map.of("axis", integer(1)), 2, x, n.integers("sizes", 3, 5));
      String left = n.conv(parts.get(0), "left", 3, 4, 3);
      String right = n.conv(parts.get(1), "right", 5, 4, 3);
      x = n.node("Concat", Map.of("axis", integer(1)), left, right);
      return n.classified(n.node("Relu", x), 8);
    }
  },
  SLICED("conv1:3 conv1 (2):5 left:4") {
    @Override
    Graph graph(Net n) {
      return Blocks.sliced(n);
    }
  },
  GATED("conv1:4") {
    @Override
    Graph graph(Net n) {
      String x = n.conv(n.input("x", 2, 4, 4), "conv1", 2, 8, 3);
      List<String> halves = n.nodes("Split", Map.of("axis", integer(1)), 2, x);
      x = n.node("Mul", halves.get(0), n.node("Sigmoid", halves.get(1)));
      return n.classified(x, 4);
    }
  },
  TRANSPOSED_CONVOLUTIONS("conv1:4 up:5") {
    @Override
    Graph graph(Net n) {
      String x = n.node("Relu", n.conv(n.input("x", 2, 4, 4), "conv1", 2, 4, 3));
      x =
          n.node(
              "ConvTranspose",
              Map.of("strides", ints(2, 2)),
              x,
              n.weights("up.weight", Role.KERNEL, 4, 5, 2, 2),
              n.weights("up.bias", Role.BIAS, 5));
      x = n.node("PRelu", x, n.weights("up.slope", Role.OTHER, 5, 1, 1));
      return n.classified(x, 5);
    }
  },
  SUB_PIXELS("conv1:2 conv2:3") {
    @Override
    Graph graph(Net n) {
      String x = n.node("Relu", n.conv(n.input("x", 2, 4, 4), "conv1", 2, 8, 3));
      x = n.node("DepthToSpace", Map.of("blocksize", integer(2)), x);
      return n.classified(n.node("Relu", n.conv(x, "conv2", 2, 3, 3)), 3);
    }
  },
  SHARED_WEIGHTS("tower:5") {
    @Override
    Graph graph(Net n) {
      String w = n.weights("tower.weight", Role.KERNEL, 5, 3, 3, 3);
      String a = n.node("Relu", n.node("Conv", n.input("a", 3, 6, 6), w));
      String b = n.node("Relu", n.node("Conv", n.input("b", 3, 6, 6), w));
      return n.classified(n.node("Concat", Map.of("axis", integer(1)), a, b), 10);
    }
  },
  SEVERAL_READERS("stem:5 a:4 b:3") {
    @Override
    Graph graph(Net n) {
      String x = n.node("Selu", n.conv(n.input("x", 3, 4, 4), "stem", 3, 5, 3));
      String a = n.node("Relu", n.conv(x, "a", 5, 4, 3));
      String b = n.node("LeakyRelu", n.conv(x, "b", 5, 3, 1));
      String all = n.node("Concat", Map.of("axis", integer(1)), a, x, b);
      return n.classified(all, 12);
    }
  },
  ATTENTION("query, key:4 value:4 up:6") {
    @Override
    Graph graph(Net n) {
      return Blocks.attention(n);
    }
  },
  RECURRENT("lstm:5 gru:4") {
    @Override
    Graph graph(Net n) {
      return Blocks.recurrent(n);
    }
  },
  SCALED_BY_CONSTANTS("conv1:4") {
    @Override
    Graph graph(Net n) {
      String x = n.conv(n.input("x", 2, 4, 4), "conv1", 2, 4, 3);
      x = n.node("Mul", x, n.constant("scale", Tensor.of(new float[] {1, 2, 3, 4}, 4, 1, 1)));
      x = n.node("Div", x, n.constant("by", Tensor.of(new float[] {2, 3, 4, 5}, 4, 1, 1)));
      x = n.node("Sub", x, n.constant("less", Tensor.of(new float[] {1, 2, 3, 4}, 4, 1, 1)));
      return n.classified(n.node("Relu", x), 4);
    }
  };

  private final String groups;

  Nets(String groups) {
    this.groups = groups;
  }

  abstract Graph graph(Net net);

  Graph graph() {
    return graph(new Net());
  }

  /** The groups that it has, with the number of their channels. */
  String groups() {
    return groups;
  }

  static String transposed(Net n, String x, long... order) {
    return n.node("Transpose", Map.of("perm", ints(order)), x);
  }
}
