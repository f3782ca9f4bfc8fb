package dev.espalier.contract;

import static dev.espalier.contract.JsonTrees.example;
import static dev.espalier.contract.JsonTrees.parse;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTrainedSchemaTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://a@b/key",
        "s3://models/../other/model.onnx",
        "s3://models/a/./b",
        "s3://models/a//b",
        "s3://models/%2e%2e/x",
        "s3://models",
        "s3://models/",
        "S3://models/x",
        "http://models/x",
        "s3://models/a b",
        "s3://models/a\nb",
        "s3://models/model.onnx\n",
        "s3://models/model?versionId=1",
        "s3://Models/x",
        "s3://m/x",
        "file:///etc/passwd"
      })
  void shouldRefuseTheUriWhenItIsNotAPlainObject(String uri) {
    ObjectNode event = example("model-trained-minimal");
    ((ObjectNode) event.get("model")).put("uri", uri);

    assertThat(Schemas.modelTrained().violations(event)).anyMatch(v -> v.startsWith("/model/uri:"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\n", "a\nb", "../a", "a/b", "a b", "-a", "ä", "a:b"})
  void shouldRefuseTheNameWhenItIsNotAnIdentifier(String name) {
    ObjectNode event = example("model-trained-minimal");
    ((ObjectNode) event.get("model")).put("name", name);

    assertThat(Schemas.modelTrained().violations(event))
        .anyMatch(v -> v.startsWith("/model/name:"));
  }

  @Test
  void shouldRefuseTheNameWhenItIsTooLong() {
    ObjectNode event = example("model-trained-minimal");
    ((ObjectNode) event.get("model")).put("name", "a".repeat(129));

    assertThat(Schemas.modelTrained().violations(event)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"colour\": 1}",
        "{\"endpoint\": \"http://elsewhere\"}",
        "{\"policy\": 7}",
        "{\"policy\": \"Not A Name\"}",
        "{\"policy\": {\"target\": {\"sparsity\": 0.5}}}",
        "{\"policy\": {\"name\": \"x\", \"target\": {\"sparsity\": -0.1}}}",
        "{\"policy\": {\"name\": \"x\", \"target\": {\"sparsity\": 1}}}",
        "{\"policy\": {\"name\": \"x\", \"target\": {\"sparsity\": \"NaN\"}}}",
        "{\"policy\": {\"name\": \"x\", \"colour\": \"red\"}}",
        "{\"task\": \"clustering\"}",
        "{\"deadline\": \"tomorrow\"}",
        "{\"deadline\": \"2026-13-01T00:00:00Z\"}",
        "{\"preprocess\": {\"std\": [0]}}",
        "{\"metrics\": {\"accuracy\": \"high\"}}",
        "{\"extensions\": []}",
        "{\"extensions\": {\"a b\": 1}}",
        "{\"run\": {\"id\": \"a\\nb\"}}",
        "{\"model\": null}",
        "{\"data\": {}}"
      })
  void shouldRefuseTheEventWhenAFieldIsUnknownOrOutOfRange(String change) {
    ObjectNode event = example("model-trained-minimal");
    event.setAll((ObjectNode) parse(change));

    assertThat(Schemas.modelTrained().violations(event)).isNotEmpty();
  }

  @Test
  void shouldSayWhatAndWhereWhenSeveralThingsAreWrong() {
    ObjectNode event = example("model-trained-minimal");
    event.put("colour", "red");
    ((ObjectNode) event.get("model")).put("bytes", 0);

    assertThat(Schemas.modelTrained().violations(event))
        .anySatisfy(v -> assertThat(v).startsWith("/model/bytes:").contains("1"))
        .anySatisfy(v -> assertThat(v).startsWith("top level:").contains("'colour'"));
  }

  @Test
  void shouldStayShortWhenAThousandThingsAreWrong() {
    ObjectNode event = example("model-trained-minimal");
    IntStream.range(0, 1_000).forEach(i -> event.put("x".repeat(1_000) + i, i));

    List<String> violations = Schemas.modelTrained().violations(event);

    assertThat(violations).hasSize(ContractSchema.MAX_VIOLATIONS);
    assertThat(String.join("; ", violations)).hasSizeLessThan(3_000);
  }

  @Test
  void shouldRefuseWhenTheDocumentIsNotAnObject() {
    assertThat(Schemas.modelTrained().violations(parse("[]"))).isNotEmpty();
    assertThat(Schemas.modelTrained().violations(parse("null"))).isNotEmpty();
  }
}
