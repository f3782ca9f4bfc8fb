package dev.espalier.engine.surgery;

import static dev.espalier.engine.surgery.Net.integer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.engine.format.onnx.proto.AttributeProto;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.format.onnx.proto.TensorShapeProto;
import dev.espalier.engine.format.onnx.proto.TypeProto;
import dev.espalier.engine.format.onnx.proto.ValueInfoProto;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ObstaclesTest {
  private final Net n = new Net();

  private static List<String> names(ChannelGroups groups) {
    return groups.groups().stream().map(ChannelGroup::name).toList();
  }

  @Test
  void shouldStopOnlyWhatReachesAnOperatorWhenItIsUnknown() {
    String x = n.node("Relu", n.conv(n.input("x", 3, 6, 6), "before", 3, 4, 3));
    x = n.node("CumSum", n.conv(x, "at", 4, 5, 3), n.integers("axis", 1));
    ChannelGroups groups =
        ChannelGroups.of(n.classified(n.node("Relu", n.conv(x, "behind", 5, 6, 3)), 6));

    assertThat(names(groups)).containsExactly("before", "behind");
    assertThat(groups.obstacles().get("at")).contains("(CumSum) does not pass channels on");
  }

  @Test
  void shouldStopChannelsThatANestedGraphReads() {
    String x = n.node("Relu", n.conv(n.input("x", 3, 6, 6), "read", 3, 4, 3));
    Tensor yes = Tensor.zeros(DataType.BOOL);
    yes.bytes().put(0, (byte) 1);
    String chosen =
        n.node(
            "If",
            Map.of(
                "then_branch", branch("then_branch", x), "else_branch", branch("else_branch", x)),
            n.constant("yes", yes));
    String y = n.node("Relu", n.conv(chosen, "behind", 4, 5, 3));
    ChannelGroups groups = ChannelGroups.of(n.classified(y, 5));

    assertThat(names(groups)).as("obstacles: %s", groups.obstacles()).containsExactly("behind");
    assertThat(groups.obstacles().get("read")).contains("(If) has a graph of its own");
  }

  private static Attribute branch(String name, String read) {
    TypeProto type =
        TypeProto.newBuilder()
            .setTensorType(
                TypeProto.Tensor.newBuilder()
                    .setElemType(DataType.FLOAT.onnxCode())
                    .setShape(
                        TensorShapeProto.newBuilder()
                            .addDim(TensorShapeProto.Dimension.getDefaultInstance())
                            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(4))
                            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(6))
                            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(6))))
            .build();
    GraphProto graph =
        GraphProto.newBuilder()
            .setName(name)
            .addNode(NodeProto.newBuilder().setOpType("Neg").addInput(read).addOutput(name))
            .addOutput(ValueInfoProto.newBuilder().setName(name).setType(type))
            .build();
    // 5 is ONNX's code for an attribute that is a graph.
    byte[] encoded =
        AttributeProto.newBuilder().setName(name).setType(5).setG(graph).build().toByteArray();
    return new Attribute.Opaque(ByteBuffer.wrap(encoded));
  }

  @Test
  void shouldStopChannelsThatAreAddedToTheInput() {
    String x = n.input("x", 4, 6, 6);
    String y = n.node("Add", n.conv(x, "skipped", 4, 4, 3), x);
    ChannelGroups groups = ChannelGroups.of(n.classified(n.node("Relu", y), 4));

    assertThat(groups.groups()).isEmpty();
    assertThat(groups.obstacles().get("skipped"))
        .contains("(Add) joins them with values that stay");
  }

  @Test
  void shouldStopChannelsWhoseNumberTheModelComputesWith() {
    String x = n.node("Relu", n.conv(n.input("x", 3, 6, 6), "counted", 3, 4, 3));
    String channels =
        n.node("Gather", Map.of("axis", integer(0)), n.node("Shape", x), n.integers("one", 1));
    String squared = n.node("Mul", channels, channels);
    String y = n.node("Div", x, n.node("Cast", Map.of("to", integer(1)), squared));
    ChannelGroups groups = ChannelGroups.of(n.classified(y, 4));

    assertThat(groups.groups()).isEmpty();
    assertThat(groups.obstacles().get("counted")).contains("computes with the number of channels");
  }

  @Test
  void shouldStopAConstantThatHasNoBiasToGoTo() {
    String x = n.node("Sigmoid", n.dense(n.input("x", 5), "fc1", 5, 6));
    String y = n.node("MatMul", x, n.weights("fc2.weight", Role.KERNEL, 6, 4));
    ChannelGroups groups = ChannelGroups.of(n.build(n.dense(n.node("Relu", y), "fc3", 4, 3)));

    assertThat(names(groups)).containsExactly("fc2");
    assertThat(groups.obstacles().get("fc1")).contains("has no bias to take it");
  }

  @Test
  void shouldGiveReasonsWhenTheModelDoesNotRun() {
    String x = n.dense(n.input("x", 5), "fc1", 5, 6);
    ChannelGroups groups = ChannelGroups.of(n.build(n.dense(x, "fc2", 7, 3)));

    assertThat(groups.groups()).isEmpty();
    assertThat(groups.obstacles()).containsOnlyKeys("fc1", "fc2");
    assertThat(groups.obstacles().get("fc1")).contains("the model does not run");
  }

  @Test
  void shouldFindASizeThatRunsWhenInputsLeaveItOpen() {
    String x = n.node("Relu", n.conv(n.input("x", 3, -1, -1), "conv1", 3, 4, 3));
    Graph graph = n.build(n.dense(n.node("Flatten", x), "head", 4 * 28 * 28, 3));
    ChannelGroups groups = ChannelGroups.of(graph);

    assertThat(names(groups)).containsExactly("conv1");
    Removals.proven(graph, groups, Removals.random(groups, new Random(2)));
  }

  @Test
  void shouldRefuseToRemoveAllChannels() {
    Graph graph = Nets.CHAIN.graph();
    ChannelGroups groups = ChannelGroups.of(graph);
    Mask none = Mask.keepAll(6);
    for (int c = 0; c < 6; c++) {
      none.remove(c);
    }

    assertThatThrownBy(() -> FilterRemoval.remove(graph, groups, Map.of("conv1", none)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no channel of 'conv1' is kept");
  }
}
