package dev.espalier.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The published description of the JSON interface. */
final class ApiSchema {
  private static final String BASE = "https://espalier.dev/schemas/";

  private ApiSchema() {}

  /**
   * Compares an answer with its description, and refuses what the description does not name.
   *
   * @param schema below {@code components.schemas}
   */
  static void assertValid(String schema, JsonNode answer) throws IOException {
    ObjectMapper json = new ObjectMapper();
    JsonNode description = new YAMLMapper().readTree(Path.of("schemas", "openapi.yaml").toFile());
    ObjectNode components = (ObjectNode) description.path("components").path("schemas");
    components.forEach(ApiSchema::close);
    ObjectNode root = json.createObjectNode().put("$ref", "#/components/schemas/" + schema);
    root.putObject("components").set("schemas", components);
    Map<String, String> schemas = new HashMap<>(Map.of(BASE + "api", root.toString()));
    for (String own :
        new String[] {"model-result/v1.json", "model-trained/v1.json", "policy/v1.json"}) {
      schemas.put(BASE + own, Files.readString(Path.of("schemas").resolve(own)));
    }
    SchemaRegistry registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder ->
                builder
                    .schemas(schemas)
                    .schemaRegistryConfig(
                        SchemaRegistryConfig.builder()
                            .formatAssertionsEnabled(true)
                            .pathType(PathType.JSON_POINTER)
                            .build()));

    assertThat(registry.getSchema(SchemaLocation.of(BASE + "api")).validate(answer))
        .as(answer.toPrettyString())
        .isEmpty();
  }

  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object && object.has("properties")) {
      object.put("additionalProperties", false);
    }
    schema.forEach(ApiSchema::close);
  }
}
