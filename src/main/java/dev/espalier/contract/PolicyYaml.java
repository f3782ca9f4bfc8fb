package dev.espalier.contract;

import static dev.espalier.contract.ReasonCode.POLICY_INVALID;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.yaml.snakeyaml.LoaderOptions;

/** Reads a small YAML document: one, without aliases, anchors, duplicate keys or deep nesting. */
final class PolicyYaml {
  private static final int MAX_CHARS = 64 * 1024;
  private static final int MAX_DEPTH = 16;

  private static final YAMLMapper MAPPER = newMapper();

  private PolicyYaml() {}

  static JsonNode parse(String yaml) {
    if (yaml.length() > MAX_CHARS) {
      throw new Refusal(
          POLICY_INVALID, "the policy is longer than %d characters".formatted(MAX_CHARS));
    }
    try {
      refuseAliases(yaml);
      return MAPPER.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new Refusal(
          POLICY_INVALID, "the policy is not a YAML document: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot fail to be read", e);
    }
  }

  /** Jackson reads an alias as the text of its name: it would be taken for a value. */
  private static void refuseAliases(String yaml) throws IOException {
    try (YAMLParser parser = MAPPER.getFactory().createParser(yaml)) {
      while (parser.nextToken() != null) {
        if (parser.isCurrentAlias()) {
          throw new Refusal(POLICY_INVALID, "the policy has a YAML alias; write the value itself");
        }
      }
    }
  }

  private static YAMLMapper newMapper() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    YAMLFactory factory =
        YAMLFactory.builder()
            .loaderOptions(options)
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    return YAMLMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .build();
  }
}
