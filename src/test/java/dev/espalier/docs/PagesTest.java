package dev.espalier.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What pages lead to and lean on must be there. */
class PagesTest {
  private static final Path DOCS = Path.of("docs");
  private static final Pattern NAMED_TEST =
      Pattern.compile("`([A-Z]\\w+(?:Test|IT))(?:\\.(should\\w+))?`");
  private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");

  static List<Page> pages() {
    return Page.all();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void shouldLeadSomewhereWhenALinkIsFollowed(Page page) {
    assertThat(page.localLinks())
        .allSatisfy(
            link -> {
              Path target = page.target(link);
              assertThat(target).exists();
              if (link.contains("#") && target.toString().endsWith(".md")) {
                assertThat(Page.read(target).anchors())
                    .contains(link.substring(link.indexOf('#') + 1));
              }
            });
  }

  @ParameterizedTest
  @MethodSource("pages")
  void shouldNameTestsThatExistWhenItCallsThemProof(Page page) throws IOException {
    Map<String, Path> sources = testSources();

    for (MatchResult named : NAMED_TEST.matcher(page.text()).results().toList()) {
      assertThat(sources).containsKey(named.group(1));
      if (named.group(2) != null) {
        assertThat(Files.readString(sources.get(named.group(1))))
            .contains("void " + named.group(2) + "(");
      }
    }
  }

  @Test
  void shouldBeInTheIndexWhenTheyAreDocumentation() throws IOException {
    Page index = Page.read(DOCS.resolve("README.md"));
    Set<Path> indexed = index.localLinks().stream().map(index::target).collect(Collectors.toSet());

    try (Stream<Path> files = Files.walk(DOCS)) {
      assertThat(files)
          .filteredOn(file -> file.toString().endsWith(".md"))
          .filteredOn(file -> !file.equals(index.file()))
          .filteredOn(file -> !file.startsWith(DOCS.resolve("adr")))
          .allSatisfy(file -> assertThat(indexed).contains(file));
    }
  }

  @Test
  void shouldBeInTheListWhenTheyAreDecisions() throws IOException {
    Page list = Page.read(DOCS.resolve("adr/README.md"));
    Set<Path> listed = list.localLinks().stream().map(list::target).collect(Collectors.toSet());

    try (Stream<Path> files = Files.list(DOCS.resolve("adr"))) {
      assertThat(files).filteredOn(file -> !file.equals(list.file())).isSubsetOf(listed);
    }
  }

  @Test
  void shouldBelongToAnObjectiveWhenItIsAnAlert() throws IOException {
    String rules = Files.readString(Path.of("grafana/prometheus/rules/espalier.yml"));
    List<String> links = Page.read(DOCS.resolve("operations.md")).localLinks();

    assertThat(ALERT.matcher(rules).results().map(alert -> alert.group(1)))
        .hasSizeGreaterThan(5)
        .allSatisfy(
            alert ->
                assertThat(links)
                    .contains("runbook.md#" + alert.toLowerCase(java.util.Locale.ROOT)));
  }

  private static Map<String, Path> testSources() throws IOException {
    Map<String, Path> sources = new HashMap<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(f -> sources.put(f.getFileName().toString().replace(".java", ""), f));
    }
    return sources;
  }
}
