package dev.espalier.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.espalier.contract.CloudEvents;
import dev.espalier.contract.Schemas;
import dev.espalier.contract.Verdict;
import dev.espalier.worker.config.TestConfig;
import dev.espalier.worker.config.WorkerConfig;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** CI also validates the document against the specification's own schema. */
class AsyncApiTest {
  private static final Path SCHEMAS = Path.of("schemas");

  private final JsonNode document;

  AsyncApiTest() throws IOException {
    document = new YAMLMapper().readTree(SCHEMAS.resolve("asyncapi.yaml").toFile());
  }

  @Test
  void shouldResolveEveryReference() {
    List<String> references = new ArrayList<>();
    document.findValues("$ref").forEach(r -> references.add(r.asText()));

    assertThat(references)
        .hasSizeGreaterThan(20)
        .allSatisfy(
            reference -> {
              if (reference.startsWith("#")) {
                assertThat(document.at(reference.substring(1)).isMissingNode()).isFalse();
              } else {
                assertThat(SCHEMAS.resolve(reference)).isRegularFile();
              }
            });
  }

  @Test
  void shouldNameTheTopicsAndTheGroupThatTheWorkerUses() {
    WorkerConfig config = TestConfig.with();
    WorkerConfig.Topics topics = config.topics();

    assertThat(document.path("channels").valueStream().map(c -> c.path("address").asText()))
        .containsExactly(
            topics.modelTrained(),
            topics.modelPruned(),
            topics.modelNotPruned(),
            topics.deadLetters());
    assertThat(
            document
                .at("/operations/receiveModelTrained/bindings/kafka/groupId/default")
                .textValue())
        .isEqualTo(config.kafka().groupId());
  }

  @Test
  void shouldListTheHeadersOfResultsThatTheContractNames() throws ReflectiveOperationException {
    Set<String> named = new TreeSet<>();
    for (Field constant : CloudEvents.class.getFields()) {
      if (constant.getName().endsWith("_HEADER")) {
        named.add((String) constant.get(null));
      }
    }
    JsonNode headers = document.at("/components/schemas/resultHeaders");

    assertThat(names(headers.path("properties"))).isEqualTo(named);
    assertThat(headers.at("/properties/ce_specversion/const").textValue())
        .isEqualTo(CloudEvents.SPEC_VERSION);
    assertThat(headers.at("/properties/ce_type/enum"))
        .map(JsonNode::textValue)
        .containsExactly(CloudEvents.MODEL_PRUNED, CloudEvents.MODEL_NOT_PRUNED);
    assertThat(headers.at("/properties/ce_dataschema/const").textValue())
        .isEqualTo(Schemas.modelResult().id());
    assertThat(document.at("/components/messages/modelTrained/headers").findValues("$ref"))
        .hasSize(1);
  }

  @Test
  void shouldShowAnExampleForEveryVerdictAndAcceptIt() throws IOException {
    List<String> shown = new ArrayList<>();
    for (String message : List.of("modelPruned", "modelNotPruned")) {
      for (JsonNode example : document.at("/components/messages/" + message + "/examples")) {
        JsonNode payload = read(example.at("/payload/$ref").asText());
        assertThat(Schemas.modelResult().violations(payload)).isEmpty();
        shown.add(payload.at("/result/verdict").textValue());
      }
    }

    assertThat(shown)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Verdict.values()).map(Verdict::wire).toList());
  }

  @Test
  void shouldAcceptTheHeadersOfItsExamples() {
    Schema headers = schema("modelTrainedHeaders");

    assertThat(document.at("/components/messages/modelTrained/examples"))
        .hasSize(2)
        .allSatisfy(example -> assertThat(headers.validate(example.path("headers"))).isEmpty());
  }

  @Test
  void shouldRefuseHeadersThatTheWorkerWouldRefuse() {
    Schema headers = schema("modelTrainedHeaders");
    JsonNode other = document.at("/components/messages/modelTrained/examples/0/headers").deepCopy();
    ((ObjectNode) other).put("ce_type", "other");

    assertThat(headers.validate(other)).isNotEmpty();
  }

  /** One of the document's schemas, with those it refers to. */
  private Schema schema(String name) {
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    whole.put("$ref", "#/components/schemas/" + name);
    whole.putObject("components").set("schemas", document.at("/components/schemas"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(whole);
  }

  private static JsonNode read(String example) throws IOException {
    return new YAMLMapper().readTree(Files.readString(SCHEMAS.resolve(example)));
  }

  private static Set<String> names(JsonNode object) {
    return object
        .propertyStream()
        .map(p -> p.getKey())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
