package dev.espalier.engine.format.onnx;

import static dev.espalier.contract.ReasonCode.FORMAT_UNKNOWN;
import static dev.espalier.contract.ReasonCode.FORMAT_UNSUPPORTED_VERSION;
import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;
import static dev.espalier.contract.ReasonCode.OPERATOR_UNSUPPORTED;
import static dev.espalier.engine.format.onnx.RawOnnx.model;
import static dev.espalier.engine.format.onnx.RawOnnx.node;
import static dev.espalier.engine.format.onnx.RawOnnx.tensor;

import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.format.Hazard;
import dev.espalier.engine.format.onnx.proto.AttributeProto;
import dev.espalier.engine.format.onnx.proto.FunctionProto;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.ModelProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.format.onnx.proto.OperatorSetIdProto;
import dev.espalier.engine.format.onnx.proto.TensorProto;
import dev.espalier.engine.format.onnx.proto.TensorShapeProto;
import dev.espalier.engine.format.onnx.proto.TypeProto;
import dev.espalier.engine.format.onnx.proto.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX files that are hostile, broken or beyond what is read. */
@Timeout(10)
public class OnnxHazardsTest {
  private static final int TENSOR = 4;
  private static final int GRAPH = 5;

  @TempDir Path directory;

  /** All of them. */
  public static Stream<Hazard> hazards() {
    return Stream.of(graphs(), TensorHazards.all(), SparseHazards.all(), strangers())
        .flatMap(hazards -> hazards);
  }

  /** Unusual files that are read. */
  public static Stream<Hazard> allowed() {
    TensorProto weights = tensor("w", 1, 2, 3, 4);
    return Stream.of(
        Hazard.allowed("plain", () -> model(13, node("Gemm", "x", "w", "y"), weights)),
        Hazard.allowed(
            "weights in a constant",
            () ->
                model(
                    13,
                    Arrays.asList(
                        NodeProto.newBuilder()
                            .setOpType("Constant")
                            .addOutput("w")
                            .addAttribute(
                                AttributeProto.newBuilder()
                                    .setName("value")
                                    .setType(TENSOR)
                                    .setT(weights))
                            .build(),
                        node("MatMul", "x", "w", "y")))),
        Hazard.allowed(
            "already sparse",
            () -> model(13, node("Gemm", "x", "w", "y"), tensor("w", 0, 0, 0, 1))));
  }

  static Stream<Hazard> graphs() {
    NodeProto gemm = node("Gemm", "x", "w", "y");
    TensorProto weights = tensor("w", 1, 2, 3, 4);
    return Stream.of(
        new Hazard("truncated", MODEL_MALFORMED, () -> cut(model(13, gemm, weights))),
        new Hazard(
            "number in place of a second graph",
            MODEL_MALFORMED,
            () -> followed(model(13, gemm, weights), 7 << 3, 1)),
        new Hazard("no graph", MODEL_INCOMPLETE, () -> new byte[] {8, 7}),
        new Hazard("old operators", FORMAT_UNSUPPORTED_VERSION, () -> model(6, gemm, weights)),
        new Hazard("future operators", FORMAT_UNSUPPORTED_VERSION, () -> model(99, gemm, weights)),
        new Hazard(
            "foreign domain",
            OPERATOR_UNSUPPORTED,
            () -> model(13, gemm.toBuilder().setDomain("com.acme").build(), weights)),
        new Hazard(
            "a function that calls itself",
            GRAPH_TOO_LARGE,
            () -> calling("f0", function("f0", node("f0", "a", "b")))),
        new Hazard(
            "functions of calls that multiply",
            GRAPH_TOO_LARGE,
            () ->
                calling(
                    "f0",
                    function("f0", Collections.nCopies(10_000, node("f1", "a", "b"))),
                    function("f1", Collections.nCopies(9_000, node("f2", "a", "b"))),
                    function("f2", List.of()))),
        new Hazard(
            "function with a foreign operator",
            OPERATOR_UNSUPPORTED,
            () ->
                calling(
                    "f0",
                    function("f0", node("Evil", "a", "b").toBuilder().setDomain("evil").build()))),
        new Hazard(
            "function of another operator set",
            OPERATOR_UNSUPPORTED,
            () ->
                calling(
                    "f0",
                    function("f0", node("Relu", "a", "b")).toBuilder()
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(7))
                        .build())),
        new Hazard(
            "function that holds a graph",
            OPERATOR_UNSUPPORTED,
            () -> calling("f0", function("f0", holding(GraphProto.newBuilder().addNode(gemm))))),
        new Hazard(
            "foreign domain in a nested graph",
            OPERATOR_UNSUPPORTED,
            () ->
                model(
                    13,
                    holding(GraphProto.newBuilder().addNode(gemm.toBuilder().setDomain("evil"))),
                    weights)),
        new Hazard(
            "graphs nested too deep",
            GRAPH_TOO_LARGE,
            () -> {
              GraphProto.Builder graph = GraphProto.newBuilder().addNode(gemm);
              for (int i = 0; i < 20; i++) {
                graph = GraphProto.newBuilder().addNode(holding(graph));
              }
              return model(13, holding(graph), weights);
            }),
        new Hazard(
            "too many nodes",
            GRAPH_TOO_LARGE,
            () -> model(13, Collections.nCopies(30_000, NodeProto.getDefaultInstance()), weights)),
        new Hazard(
            "millions of dimensions of an input",
            GRAPH_TOO_LARGE,
            () ->
                ModelProto.newBuilder()
                    .setIrVersion(8)
                    .setGraph(
                        GraphProto.newBuilder()
                            .addInput(
                                ValueInfoProto.newBuilder().setType(tensorOfDimensions(2_500_000))))
                    .build()
                    .toByteArray()),
        new Hazard(
            "too many fields",
            GRAPH_TOO_LARGE,
            () ->
                model(
                    13,
                    NodeProto.newBuilder().addAllInput(Collections.nCopies(5_000_000, "")).build(),
                    weights)),
        new Hazard(
            "cycle",
            MODEL_MALFORMED,
            () ->
                model(
                    13,
                    Arrays.asList(node("Add", "x", "b", "a"), node("Relu", "a", "b")),
                    weights)),
        new Hazard(
            "undefined value", MODEL_MALFORMED, () -> model(13, node("Gemm", "x", "v", "y"))),
        new Hazard(
            "value defined twice",
            MODEL_MALFORMED,
            () -> model(13, Arrays.asList(gemm, node("Relu", "x", "y")), weights)),
        new Hazard("undefined output", MODEL_MALFORMED, () -> model(13, node("Relu", "x", "z"))),
        new Hazard(
            "duplicate initializer", MODEL_MALFORMED, () -> model(13, gemm, weights, weights)));
  }

  static Stream<Hazard> strangers() {
    return Stream.of(
        new Hazard("empty", FORMAT_UNKNOWN, () -> new byte[0]),
        new Hazard(
            "Java stream", FORMAT_UNKNOWN, () -> new byte[] {(byte) 0xAC, (byte) 0xED, 0, 5}),
        new Hazard("JSON", FORMAT_UNKNOWN, () -> "{}".getBytes()));
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void shouldRefuseWhenGraphHas(Hazard hazard) throws IOException {
    hazard.mustBeRefused(directory, null);
  }

  @ParameterizedTest
  @MethodSource("dev.espalier.engine.format.onnx.TensorHazards#all")
  void shouldRefuseWhenTensorHas(Hazard hazard) throws IOException {
    hazard.mustBeRefused(directory, ModelFormat.ONNX);
  }

  @ParameterizedTest
  @MethodSource("dev.espalier.engine.format.onnx.SparseHazards#all")
  void shouldRefuseWhenSparseTensorHas(Hazard hazard) throws IOException {
    hazard.mustBeRefused(directory, ModelFormat.ONNX);
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void shouldRefuseWhenFileIs(Hazard hazard) throws IOException {
    hazard.mustBeRefused(directory, null);
  }

  /** A node that holds a graph. */
  static NodeProto holding(GraphProto.Builder graph) {
    return NodeProto.newBuilder()
        .setOpType("If")
        .addInput("x")
        .addOutput("y")
        .addAttribute(AttributeProto.newBuilder().setName("then_branch").setType(GRAPH).setG(graph))
        .build();
  }

  private static byte[] calling(String name, FunctionProto... functions) throws IOException {
    return ModelProto.parseFrom(model(13, node(name, "x", "y"), tensor("w", 1, 2, 3, 4)))
        .toBuilder()
        .addAllFunctions(Arrays.asList(functions))
        .build()
        .toByteArray();
  }

  private static FunctionProto function(String name, NodeProto node) {
    return function(name, List.of(node));
  }

  private static FunctionProto function(String name, List<NodeProto> nodes) {
    return FunctionProto.newBuilder()
        .setName(name)
        .addInput("a")
        .addOutput("b")
        .addAllNode(nodes)
        .build();
  }

  private static byte[] followed(byte[] file, int... more) {
    byte[] longer = Arrays.copyOf(file, file.length + more.length);
    for (int i = 0; i < more.length; i++) {
      longer[file.length + i] = (byte) more[i];
    }
    return longer;
  }

  private static byte[] cut(byte[] file) {
    return Arrays.copyOf(file, file.length - 5);
  }

  private static TypeProto tensorOfDimensions(int count) {
    TensorShapeProto.Dimension any = TensorShapeProto.Dimension.getDefaultInstance();
    return TypeProto.newBuilder()
        .setTensorType(
            TypeProto.Tensor.newBuilder()
                .setShape(TensorShapeProto.newBuilder().addAllDim(Collections.nCopies(count, any))))
        .build();
  }
}
