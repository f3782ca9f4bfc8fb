package dev.espalier.engine.format.json;

import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import java.io.IOException;

/**
 * Parses the JSON that models carry: no duplicate keys, nothing behind the value, bounded in depth
 * and number of values. Python also writes {@code NaN} and {@code Infinity}, which are read.
 */
public final class ModelJson {
  /** Nested models need about ten levels each. */
  private static final int MOST_DEPTH = 200;

  private static final int LONGEST_TEXT = 1 << 22;
  private static final int LONGEST_NUMBER = 1000;

  private static final JsonMapper MAPPER = newMapper();

  private ModelJson() {}

  private static JsonMapper newMapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MOST_DEPTH)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNumberLength(LONGEST_NUMBER)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  /**
   * Parses a document.
   *
   * @param what it is, for messages
   * @throws Refusal when it is not one value of JSON, or too large
   */
  public static JsonNode parse(byte[] json, String what, FormatLimits limits) {
    if (json.length > limits.archive().configurationBytes()) {
      throw new Refusal(
          GRAPH_TOO_LARGE,
          "%s has %,d bytes, at most %,d are read"
              .formatted(what, json.length, limits.archive().configurationBytes()));
    }
    try {
      requireFewValues(json, what, limits);
      JsonNode tree = MAPPER.readTree(json);
      if (tree == null || !tree.isObject()) {
        throw new Refusal(MODEL_MALFORMED, what + " is not a JSON object");
      }
      return tree;
    } catch (IOException e) {
      throw new Refusal(MODEL_MALFORMED, what + " is not valid JSON: " + e.getMessage(), e);
    }
  }

  /** Counts before building, since each value takes a hundred times its bytes on the heap. */
  private static void requireFewValues(byte[] json, String what, FormatLimits limits)
      throws IOException {
    int values = 0;
    try (JsonParser parser = MAPPER.createParser(json)) {
      while (parser.nextToken() != null) {
        if (++values > limits.fields()) {
          throw new Refusal(
              GRAPH_TOO_LARGE, "%s has more than %,d values".formatted(what, limits.fields()));
        }
      }
    }
  }

  /** The compact form of a document in ASCII, as Python writes it. */
  public static String print(JsonNode tree) {
    try {
      return MAPPER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
