package dev.espalier.engine.format.onnx;

import static dev.espalier.engine.format.onnx.RawOnnx.model;
import static dev.espalier.engine.format.onnx.RawOnnx.node;
import static dev.espalier.engine.format.onnx.RawOnnx.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.RuntimeProbe;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.onnx.proto.AttributeProto;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.format.onnx.proto.TensorProto;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What exporters write in different ways is read into the same graph. */
class OnnxReaderTest {
  private static final int TENSOR = 4;
  private static final int GRAPH = 5;
  private static final float[] WEIGHTS = {1, -2, 3, 4};

  @TempDir Path directory;

  @Test
  void shouldSortNodesWhenFileIsOutOfOrder() throws Exception {
    NodeProto gemm = node("Gemm", "x", "w", "h");
    NodeProto relu = node("Relu", "h", "y");

    Graph graph = open(model(13, List.of(relu, gemm), tensor("w", WEIGHTS))).graph();

    assertThat(graph.nodes()).extracting(Node::operator).containsExactly("Gemm", "Relu");
    assertThat(RuntimeProbe.run(graph, new float[] {1, 1}, 1, 2)).containsExactly(4, 2);
  }

  @Test
  void shouldReadTypedFieldsWhenExporterUsesThemInsteadOfRawData() throws Exception {
    TensorProto shape =
        TensorProto.newBuilder()
            .setName("shape")
            .setDataType(DataType.INT64.onnxCode())
            .addDims(2)
            .addInt64Data(-1)
            .addInt64Data(2)
            .build();
    TensorProto half =
        TensorProto.newBuilder()
            .setName("half")
            .setDataType(DataType.FLOAT16.onnxCode())
            .addDims(1)
            .addInt32Data(0x3C00)
            .build();

    Graph graph = open(model(13, node("Reshape", "x", "shape", "y"), shape, half, typed())).graph();

    assertThat(graph.initializers().get("shape").toLongs()).containsExactly(-1, 2);
    assertThat(graph.initializers().get("half").bytes().getShort()).isEqualTo((short) 0x3C00);
    assertThat(graph.initializers().get("w").toFloats()).containsExactly(WEIGHTS);
  }

  @Test
  void shouldOverwriteInPlaceWhenWeightsAreInTypedField() throws Exception {
    byte[] file = model(13, node("Gemm", "x", "w", "y"), typed());
    Path target = directory.resolve("written.onnx");

    open(file).write(Map.of("w", Tensor.of(new float[] {0, 0, 3, 4}, 2, 2)), target);

    byte[] written = Files.readAllBytes(target);
    assertThat(written).hasSameSizeAs(file);
    assertThat(open(written).graph().initializers().get("w").toFloats())
        .containsExactly(0, 0, 3, 4);
  }

  @Test
  void shouldTakeASingleNumberForABiasOnlyWhereALayerHasItsPlaceForIt() throws Exception {
    TensorProto kernel = tensor("w", WEIGHTS);
    TensorProto one = RawOnnx.floats("b", 5);
    NodeProto product = node("MatMul", "x", "w", "h");
    List<NodeProto> sum = List.of(product, node("Add", "h", "b", "y"));
    List<NodeProto> scaling = List.of(product, node("Mul", "h", "b", "y"));

    for (byte[] biased :
        List.of(
            model(13, node("Gemm", "x", "w", "b", "y"), kernel, one),
            model(13, sum, kernel, one))) {
      assertThat(open(biased).graph().parameters())
          .extracting(Parameter::tensor, Parameter::role)
          .containsExactlyInAnyOrder(tuple("w", Role.KERNEL), tuple("b", Role.BIAS));
    }
    for (byte[] set :
        List.of(model(13, sum, kernel, RawOnnx.scalar("b", 5)), model(13, scaling, kernel, one))) {
      assertThat(open(set).graph().parameters()).extracting(Parameter::tensor).containsExactly("w");
    }
  }

  @Test
  void shouldFindWeightsWhenTheyAreConstantNodes() throws Exception {
    NodeProto constant =
        NodeProto.newBuilder()
            .setOpType("Constant")
            .addOutput("w")
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("value")
                    .setType(TENSOR)
                    .setT(tensor("", WEIGHTS)))
            .build();
    SourceModel model = open(model(13, List.of(constant, node("MatMul", "x", "w", "y"))));
    Path target = directory.resolve("written.onnx");

    model.write(Map.of("w", Tensor.of(new float[4], 2, 2)), target);

    assertThat(model.graph().nodes()).extracting(Node::operator).containsExactly("MatMul");
    assertThat(model.graph().prunable()).extracting(Parameter::tensor).containsExactly("w");
    assertThat(open(Files.readAllBytes(target)).graph().initializers().get("w").toFloats())
        .containsOnly(0);
  }

  @Test
  void shouldDropInitializersFromInputsWhenFileIsOfIrVersion3() throws Exception {
    GraphProto graph =
        GraphProto.newBuilder()
            .addNode(node("Gemm", "x", "w", "y"))
            .addInitializer(tensor("w", WEIGHTS))
            .addInput(RawOnnx.value("x"))
            .addInput(RawOnnx.value("w"))
            .addOutput(RawOnnx.value("y"))
            .build();

    assertThat(open(model(13, graph)).graph().inputs())
        .extracting(input -> input.name())
        .containsExactly("x");
  }

  @Test
  void shouldTellRolesWhenOperatorsReadConstants() throws Exception {
    List<NodeProto> nodes =
        List.of(
            node("Transpose", "fc/kernel:0", "t"),
            node("MatMul", "x", "t", "a"),
            node("Add", "a", "fc/bias:0", "b"),
            node("BatchNormalization", "b", "bn_gamma", "bn_beta", "bn_mean", "bn_var", "c"),
            node("MatMul", "c", "tied", "d"),
            node("Gather", "tied", "rows", "e"),
            node("Mul", "d", "scale", "f"),
            node("Add", "f", "e", "y"));

    Graph graph =
        open(model(
                13,
                nodes,
                tensor("fc/kernel:0", WEIGHTS),
                vector("fc/bias:0"),
                vector("bn_gamma"),
                vector("bn_beta"),
                vector("bn_mean"),
                vector("bn_var"),
                tensor("tied", WEIGHTS),
                rows(),
                vector("scale")))
            .graph();

    assertThat(graph.parameters())
        .contains(
            new Parameter("fc/kernel:0", "fc/kernel:0", "fc", Role.KERNEL),
            new Parameter("fc/bias:0", "fc/bias:0", "fc", Role.BIAS),
            new Parameter("bn_gamma", "bn_gamma", "bn", Role.NORMALIZATION),
            new Parameter("tied", "tied", "MatMul_4", Role.EMBEDDING),
            new Parameter("scale", "scale", "Mul_6", Role.OTHER));
    assertThat(graph.prunable()).extracting(Parameter::layer).containsExactly("fc");
  }

  @Test
  void shouldPassSubgraphsThroughWhenTheyReadOuterValues() throws Exception {
    GraphProto branch =
        GraphProto.newBuilder()
            .setName("branch")
            .addNode(node("MatMul", "h", "w", "z"))
            .addOutput(RawOnnx.value("z"))
            .build();
    NodeProto choice =
        node("If", "condition", "y").toBuilder()
            .addAttribute(subgraph("then_branch", branch))
            .addAttribute(subgraph("else_branch", branch))
            .build();
    TensorProto condition =
        TensorProto.newBuilder()
            .setName("condition")
            .setDataType(DataType.BOOL.onnxCode())
            .setRawData(ByteString.copyFrom(new byte[] {1}))
            .build();
    List<NodeProto> nodes = List.of(choice, node("Relu", "x", "h"));

    Graph graph = open(model(13, nodes, condition, tensor("w", WEIGHTS))).graph();

    assertThat(graph.nodes()).extracting(Node::operator).containsExactly("Relu", "If");
    assertThat(graph.prunable()).isEmpty();
    assertThat(RuntimeProbe.run(graph, new float[] {1, 1}, 1, 2)).containsExactly(4, 2);
  }

  @Test
  void shouldRefuseToWriteWhenTensorIsUnknownOrOfAnotherShape() throws Exception {
    SourceModel model = open(model(13, node("Gemm", "x", "w", "y"), tensor("w", WEIGHTS)));

    assertThatThrownBy(() -> model.write(Map.of("v", Tensor.of(WEIGHTS, 2, 2)), directory))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> model.write(Map.of("w", Tensor.of(WEIGHTS, 4)), directory))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private SourceModel open(byte[] model) throws IOException {
    Path file = Files.createTempFile(directory, "model", ".onnx");
    Files.write(file, model);
    return FormatDetector.open(file, null, FormatLimits.defaults());
  }

  private static AttributeProto subgraph(String name, GraphProto graph) {
    return AttributeProto.newBuilder().setName(name).setType(GRAPH).setG(graph).build();
  }

  private static TensorProto typed() {
    TensorProto.Builder proto = tensor("w", WEIGHTS).toBuilder().clearRawData();
    for (float weight : WEIGHTS) {
      proto.addFloatData(weight);
    }
    return proto.build();
  }

  private static TensorProto vector(String name) {
    return tensor(name, 1, 1).toBuilder().clearDims().addDims(2).build();
  }

  private static TensorProto rows() {
    return TensorProto.newBuilder()
        .setName("rows")
        .setDataType(DataType.INT64.onnxCode())
        .addDims(1)
        .addInt64Data(0)
        .build();
  }
}
