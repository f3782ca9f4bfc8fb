package dev.espalier.engine.format.onnx;

import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Dequantization;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a file says of initializers that became integers: two initializers in the place of each, a
 * {@code DequantizeLinear} node before all others that writes the value they stand for, and, where
 * files of IR version 3 list initializers among the inputs, their declarations. Readers of the
 * value stay as they are.
 */
final class IntegerFields {
  /** The IR version from which initializers need not be inputs. */
  private static final long PLAIN_INITIALIZERS_SINCE = 4;

  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final Map<String, Dequantization> integers;
  private final long irVersion;
  private final Map<String, Node> transposes = new HashMap<>();

  /**
   * For one file.
   *
   * @param graph the model as it came
   * @param integers by the name of the initializer they replace
   */
  IntegerFields(Graph graph, Map<String, Dequantization> integers, long irVersion) {
    this.integers = integers;
    this.irVersion = irVersion;
    if (!integers.isEmpty()) {
      graph.nodes().stream()
          .filter(n -> n.operator().equals("Transpose") && n.attributes().containsKey("perm"))
          .forEach(n -> transposes.put(n.outputs().get(0), n));
    }
  }

  /** The initializers that are replaced. */
  Set<String> names() {
    return integers.keySet();
  }

  /** Whether an initializer is replaced. */
  boolean replace(String name) {
    return integers.containsKey(name);
  }

  /** Writes the nodes. */
  void nodes(int field, Pieces out) {
    integers.values().forEach(made -> out.bytes(field, bytes(made.node())));
  }

  /** Writes what takes the place of an initializer. */
  void initializers(String name, int field, Pieces out) {
    Dequantization made = of(name);
    out.bytes(field, bytes(made.integers(), made.quantized().integers()));
    out.bytes(field, bytes(made.scale(), made.quantized().scale()));
  }

  /** Writes what takes the place of an input that is an initializer. */
  void declarations(String name, int field, Pieces out) {
    if (irVersion < PLAIN_INITIALIZERS_SINCE) {
      Dequantization made = of(name);
      declare(made.integers(), made.quantized().integers(), field, out);
      declare(made.scale(), made.quantized().scale(), field, out);
    }
  }

  private static void declare(String name, Tensor tensor, int field, Pieces out) {
    DataType type = tensor.type();
    ValueInfo info = new ValueInfo(name, type, Arrays.stream(tensor.shape()).boxed().toList());
    out.bytes(field, OnnxSerializer.encode(info).toByteString().asReadOnlyByteBuffer());
  }

  /**
   * A {@code Transpose} that leaves its axes at the default, with them named, as {@link
   * Permutations} has it: ONNX Runtime would abort on it behind a scale per channel. Empty for any
   * other node.
   */
  ByteBuffer explicit(NodeProto node) {
    Node named = node.getOutputCount() == 0 ? null : transposes.get(node.getOutput(0));
    boolean implied =
        node.getAttributeList().stream().noneMatch(attribute -> attribute.getName().equals("perm"));
    return named == null || !implied
        ? NONE
        : node.toBuilder()
            .addAttribute(OnnxSerializer.encode("perm", named.attributes().get("perm")))
            .build()
            .toByteString()
            .asReadOnlyByteBuffer();
  }

  private Dequantization of(String name) {
    Dequantization made = integers.get(name);
    if (made == null) {
      throw new IllegalArgumentException("'" + name + "' stays what it is");
    }
    return made;
  }

  private static ByteBuffer bytes(Node node) {
    return OnnxSerializer.encode(node).toByteString().asReadOnlyByteBuffer();
  }

  private static ByteBuffer bytes(String name, Tensor tensor) {
    return OnnxSerializer.encode(name, tensor).toByteString().asReadOnlyByteBuffer();
  }
}
