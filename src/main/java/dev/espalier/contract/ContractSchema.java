package dev.espalier.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import java.util.List;
import java.util.Locale;

/** One of the published JSON Schemas, as a validator. Thread-safe. */
public final class ContractSchema {
  /** The most violations reported: one is enough to refuse, a few help to repair. */
  static final int MAX_VIOLATIONS = 8;

  private static final int MAX_LINE_CHARS = 300;

  private final Schema schema;

  ContractSchema(Schema schema) {
    this.schema = schema;
  }

  /** The schema's {@code $id}, which {@code ce_dataschema} names. */
  public String id() {
    return document().required("$id").textValue();
  }

  /**
   * What is wrong with {@code data}, each as one line that says where (a JSON Pointer) and what;
   * empty when it is valid. At most {@value #MAX_VIOLATIONS} lines.
   */
  public List<String> violations(JsonNode data) {
    return errors(data).stream().limit(MAX_VIOLATIONS).map(ContractSchema::line).toList();
  }

  /** What is wrong with {@code data}, as the validator tells it. */
  List<Error> errors(JsonNode data) {
    return schema.validate(
        data, context -> context.executionConfig(config -> config.locale(Locale.ENGLISH)));
  }

  /** The schema itself. */
  JsonNode document() {
    return schema.getSchemaNode();
  }

  private static String line(Error error) {
    String where = error.getInstanceLocation().toString();
    String line = (where.isEmpty() ? "top level" : where) + ": " + error.getMessage();
    return line.length() <= MAX_LINE_CHARS ? line : line.substring(0, MAX_LINE_CHARS) + "...";
  }
}
