package dev.espalier.contract;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/**
 * The published schemas ({@code schemas/} of the project, packaged as they are). References are
 * resolved among them only; nothing is ever fetched.
 */
public final class Schemas {
  private static final String BASE = "https://espalier.dev/schemas/";
  private static final String MODEL_TRAINED = "model-trained/v1.json";
  private static final String MODEL_RESULT = "model-result/v1.json";
  private static final String POLICY = "policy/v1.json";

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder
                  .schemas(
                      Map.of(
                          BASE + MODEL_TRAINED, text(MODEL_TRAINED),
                          BASE + MODEL_RESULT, text(MODEL_RESULT),
                          BASE + POLICY, text(POLICY)))
                  .schemaRegistryConfig(
                      SchemaRegistryConfig.builder()
                          .formatAssertionsEnabled(true)
                          .pathType(PathType.JSON_POINTER)
                          .build()));

  private static final ContractSchema MODEL_TRAINED_SCHEMA = load(MODEL_TRAINED);
  private static final ContractSchema MODEL_RESULT_SCHEMA = load(MODEL_RESULT);
  private static final ContractSchema POLICY_SCHEMA = load(POLICY);

  private Schemas() {}

  /** Data of a {@code model-trained} event. */
  public static ContractSchema modelTrained() {
    return MODEL_TRAINED_SCHEMA;
  }

  /** Data of a result event. */
  public static ContractSchema modelResult() {
    return MODEL_RESULT_SCHEMA;
  }

  /** A policy, inline or in a configuration file. */
  public static ContractSchema policy() {
    return POLICY_SCHEMA;
  }

  private static ContractSchema load(String name) {
    return new ContractSchema(REGISTRY.getSchema(SchemaLocation.of(BASE + name)));
  }

  private static String text(String name) {
    String resource = "/schemas/" + name;
    try (InputStream in = Schemas.class.getResourceAsStream(resource)) {
      Objects.requireNonNull(in, () -> "the build must package " + resource);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }
}
