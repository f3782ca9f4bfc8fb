package dev.espalier.engine.format.dl4j;

import static dev.espalier.contract.ReasonCode.ARCHIVE_ENTRY_NOT_ALLOWED;
import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static dev.espalier.contract.ReasonCode.LAYER_UNSUPPORTED;
import static dev.espalier.contract.ReasonCode.MODEL_HAS_CODE;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;
import static dev.espalier.contract.ReasonCode.TENSOR_INVALID;
import static dev.espalier.contract.ReasonCode.WEIGHTS_NOT_FINITE;
import static dev.espalier.engine.format.dl4j.RawDl4j.coefficients;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.ReasonCode;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.Hazard;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Computation graphs that are hostile, broken or beyond what is read. */
@Timeout(10)
class GraphHazardsTest {
  private static final String PACKAGE = "org.deeplearning4j.nn.conf.graph.";
  private static final String LAYER =
      "{\"@class\":\"%sLayerVertex\",\"layerConf\":{\"layer\":%s},\"preProcessor\":null}"
          .formatted(PACKAGE, RawDl4j.LAYER);
  private static final int MANY = 100_000;

  @TempDir Path directory;

  static Stream<Hazard> graphs() {
    return Stream.of(
        of("cycle", MODEL_MALFORMED, vertices(LAYER, merge()), sources("v", "out")),
        of("cycle of one", MODEL_MALFORMED, vertices(LAYER, merge()), sources("v", "v")),
        of("unknown source", MODEL_MALFORMED, vertices(LAYER, merge()), sources("v", "x")),
        of("no source", MODEL_MALFORMED, vertices(LAYER, merge()), "\"out\":[\"v\"],\"v\":[]"),
        of("no vertices", MODEL_MALFORMED, "", sources("v", "in")),
        of("unknown vertex", LAYER_UNSUPPORTED, vertices(LAYER, of("Odd", "")), sound()),
        of(
            "foreign vertex",
            LAYER_UNSUPPORTED,
            vertices(LAYER, "{\"@class\":\"java.lang.Runtime\"}"),
            sound()),
        of(
            "foreign layer",
            LAYER_UNSUPPORTED,
            vertices(LAYER.replace("org.deeplearning4j.nn.conf.layers.", "a."), merge()),
            sound()),
        of("class missing", MODEL_MALFORMED, vertices(LAYER, "{}"), sound()),
        of(
            "preprocessor missing",
            MODEL_MALFORMED,
            vertices(LAYER, of("PreprocessorVertex", "")),
            sound()),
        of(
            "negative subset",
            MODEL_MALFORMED,
            vertices(LAYER, of("SubsetVertex", ",\"from\":-1,\"to\":1")),
            sound()),
        of(
            "part that is not there",
            MODEL_MALFORMED,
            vertices(LAYER, of("UnstackVertex", ",\"from\":2,\"stackSize\":2")),
            sound()),
        of(
            "parts without end",
            MODEL_MALFORMED,
            vertices(LAYER, of("UnstackVertex", ",\"from\":2,\"stackSize\":2000000000")),
            sound()),
        of(
            "shape of the batch",
            LAYER_UNSUPPORTED,
            vertices(LAYER, of("ReshapeVertex", ",\"newShape\":[3,2]")),
            sound()),
        of(
            "column-major shape",
            LAYER_UNSUPPORTED,
            vertices(LAYER, of("ReshapeVertex", ",\"newShape\":[-1,2],\"reshapeOrder\":\"f\"")),
            sound()),
        of(
            "steps of nothing",
            MODEL_MALFORMED,
            vertices(LAYER, of("rnn.DuplicateToTimeSeriesVertex", ",\"inputName\":\"x\"")),
            sound()),
        of(
            "difference of one",
            MODEL_MALFORMED,
            vertices(LAYER, of("ElementWiseVertex", ",\"op\":\"Subtract\"")),
            sound()),
        of(
            "unknown operation",
            LAYER_UNSUPPORTED,
            vertices(LAYER, of("ElementWiseVertex", ",\"op\":\"Odd\"")),
            sound()),
        of(
            "two things of a name",
            MODEL_MALFORMED,
            vertices(LAYER, merge()),
            sound().replace("\"in\"", "\"out_W\""),
            "out_W",
            "out",
            ""),
        of(
            "input that is a vertex",
            MODEL_MALFORMED,
            vertices(LAYER, merge()),
            sound(),
            "v",
            "out",
            ""),
        of(
            "output that is none",
            MODEL_MALFORMED,
            vertices(LAYER, merge()),
            sound(),
            "in",
            "x",
            ""),
        of(
            "output twice",
            MODEL_MALFORMED,
            vertices(LAYER, merge()),
            sound(),
            "in",
            "out\",\"out",
            ""),
        of(
            "order that is none",
            MODEL_MALFORMED,
            vertices(LAYER, merge()),
            sound(),
            "in",
            "out",
            order("in", "out", "v")),
        of(
            "order with gaps",
            MODEL_MALFORMED,
            vertices(LAYER, merge()),
            sound(),
            "in",
            "out",
            order("in", "v")),
        of(
            "order of others",
            MODEL_MALFORMED,
            vertices(LAYER, merge()),
            sound(),
            "in",
            "out",
            order("in", "x", "out")),
        new Hazard("100,000 vertices", GRAPH_TOO_LARGE, () -> file(many(), coefficients(1))),
        new Hazard(
            "100,000 links",
            GRAPH_TOO_LARGE,
            () ->
                file(
                    json(
                        vertices(LAYER, merge()),
                        "\"out\":[\"v\"],\"v\":[\"in\"" + ",\"in\"".repeat(MANY) + "]",
                        "in",
                        "out",
                        ""),
                    coefficients(1))),
        new Hazard("one short", TENSOR_INVALID, () -> file(coefficients(1, 2, 3, 4, 5))),
        new Hazard("one too many", TENSOR_INVALID, () -> file(coefficients(1, 2, 3, 4, 5, 6, 7))),
        new Hazard("NaN", WEIGHTS_NOT_FINITE, () -> file(coefficients(1, 2, Float.NaN, 4, 5, 6))),
        new Hazard(
            "Java objects",
            ARCHIVE_ENTRY_NOT_ALLOWED,
            () -> with("preprocessor.bin", new byte[] {(byte) 0xac, (byte) 0xed, 0, 5})),
        new Hazard("custom normalizer", MODEL_HAS_CODE, () -> with("normalizer.bin", custom())));
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void shouldRefuseWhenGraphHas(Hazard hazard) throws IOException {
    hazard.mustBeRefused(directory, null);
  }

  @Test
  void shouldReadWhenGraphIsSoundAndUpdaterStateOfAnySize() throws IOException {
    Path file = directory.resolve("sound.zip");
    Files.write(file, with("updaterState.bin", new byte[] {1, 2, 3}));

    Graph graph = FormatDetector.open(file, null, FormatLimits.defaults()).graph();

    assertThat(graph.inputs()).extracting("name").containsExactly("in");
    assertThat(graph.outputs()).extracting("name").containsExactly("out");
    assertThat(graph.initializers().get("out_W").toFloats()).containsExactly(1, 2, 3, 4);
  }

  private static Hazard of(String name, ReasonCode code, String vertices, String sources) {
    return of(name, code, vertices, sources, "in", "out", "");
  }

  private static Hazard of(
      String name,
      ReasonCode code,
      String vertices,
      String sources,
      String input,
      String output,
      String more) {
    return new Hazard(
        name,
        code,
        () -> file(json(vertices, sources, input, output, more), coefficients(1, 2, 3, 4, 5, 6)));
  }

  private static String of(String vertex, String settings) {
    return "{\"@class\":\"" + PACKAGE + vertex + "\"" + settings + "}";
  }

  private static String merge() {
    return of("MergeVertex", ",\"mergeAxis\":1");
  }

  private static String vertices(String out, String v) {
    return "\"out\":" + out + ",\"v\":" + v;
  }

  private static String sources(String out, String v) {
    return "\"out\":[\"" + out + "\"],\"v\":[\"" + v + "\"]";
  }

  private static String sound() {
    return sources("v", "in");
  }

  private static String order(String... names) {
    return ",\"topologicalOrder\":[0,1,2],\"topologicalOrderStr\":[\""
        + String.join("\",\"", names)
        + "\"]";
  }

  private static String json(
      String vertices, String sources, String input, String output, String more) {
    return "{\"networkInputs\":[\"%s\"],\"networkOutputs\":[\"%s\"],\"vertices\":{%s},\"vertexInputs\":{%s}%s}"
        .formatted(input, output, vertices, sources, more);
  }

  private static String many() {
    StringBuilder vertices = new StringBuilder(vertices(LAYER, merge()));
    for (int i = 0; i < MANY; i++) {
      vertices.append(",\"").append(i).append("\":{}");
    }
    return json(vertices.toString(), sound(), "in", "out", "");
  }

  private static byte[] custom() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF("NORMALIZER");
    out.writeInt(1);
    out.writeUTF("CUSTOM");
    return bytes.toByteArray();
  }

  private static byte[] file(byte[] coefficients) {
    return file(json(vertices(LAYER, merge()), sound(), "in", "out", ""), coefficients);
  }

  private static byte[] file(String json, byte[] coefficients) {
    return RawDl4j.file(json, coefficients);
  }

  private static byte[] with(String entry, byte[] content) throws IOException {
    return RawDl4j.zip(
            json(vertices(LAYER, merge()), sound(), "in", "out", ""),
            coefficients(1, 2, 3, 4, 5, 6))
        .add(entry, content)
        .bytes();
  }
}
