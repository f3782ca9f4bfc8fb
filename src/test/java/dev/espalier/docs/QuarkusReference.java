package dev.espalier.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Settings of the platform that operators need: which, and why, is ours; the rest it says itself.
 */
final class QuarkusReference {
  private static final String MODEL = "META-INF/quarkus-config-doc/quarkus-config-model.json";
  private static final Path OURS = Path.of("src/main/resources/application.properties");
  private static final Path NAMED = Path.of("src/test/resources/docs/quarkus-settings.properties");

  private final Map<String, JsonNode> known = new HashMap<>();
  private final Properties set = new Properties();
  private final Properties named = new Properties();

  QuarkusReference() throws IOException {
    for (URL url : Collections.list(getClass().getClassLoader().getResources(MODEL))) {
      try (InputStream json = url.openStream()) {
        for (JsonNode path : new ObjectMapper().readTree(json).findParents("path")) {
          known.put(path.at("/path/property").asText(), path);
        }
      }
    }
    try (InputStream ours = Files.newInputStream(OURS);
        InputStream names = Files.newInputStream(NAMED)) {
      set.load(ours);
      named.load(names);
    }
  }

  /** A row for each, in alphabetical order; fails for one that the platform does not know. */
  String text() {
    StringBuilder rows =
        new StringBuilder("| property and variable | default | what it is for |\n|---|---|---|\n");
    for (String property : named.stringPropertyNames().stream().sorted().toList()) {
      JsonNode setting = known.get(property);
      if (setting == null || !setting.path("phase").asText().equals("RUN_TIME")) {
        throw new AssertionError(property + " is no run-time setting of this build's Quarkus");
      }
      String fallback = setting.path("defaultValue").asText("");
      String value = set.getProperty(property, fallback);
      rows.append(
          "| `%s`<br>`%s` | %s | %s |%n"
              .formatted(
                  property,
                  setting.at("/path/environmentVariable").asText(),
                  value.isEmpty() ? "" : "`" + value + "`",
                  named.getProperty(property)));
    }
    return rows.toString();
  }
}
