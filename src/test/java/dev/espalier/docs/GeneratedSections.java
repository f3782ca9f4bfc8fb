package dev.espalier.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Parts of a page that are written by a program, between {@code <!-- generated: name -->} and
 * {@code <!-- end of name -->}; what is around them is written by hand.
 */
final class GeneratedSections {
  /**
   * Set to have pages written anew. Not below {@code espalier.}, where unknown settings stop all.
   */
  static final String WRITE = "docs.write";

  private static final String COMMAND =
      "./mvnw -q test -Dtest=ReferencePagesTest -D" + WRITE + "=true";

  private GeneratedSections() {}

  /** Fails, with the command that helps, when a section of the page is not what it should be. */
  static void check(Path page, Map<String, String> sections) throws IOException {
    String committed = Files.readString(page);
    String current = committed;
    for (Map.Entry<String, String> section : sections.entrySet()) {
      current = replaced(page, current, section.getKey(), section.getValue());
    }
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(page, current);
    } else {
      assertThat(committed)
          .as("%s is not what the code says; write it anew with%n  %s%n", page, COMMAND)
          .isEqualTo(current);
    }
  }

  private static String replaced(Path page, String text, String name, String content) {
    String start = "<!-- generated: " + name + " -->";
    String end = "<!-- end of " + name + " -->";
    int from = text.indexOf(start);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new AssertionError(page + " has no section " + name);
    }
    return text.substring(0, from + start.length())
        + "\n\n"
        + content.strip()
        + "\n\n"
        + text.substring(to);
  }
}
