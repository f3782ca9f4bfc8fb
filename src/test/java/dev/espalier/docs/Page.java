package dev.espalier.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Markdown file of the project. */
record Page(Path file, String text) {
  private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern CODE = Pattern.compile("`[^`\n]*`");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

  /** Every page: of the top level, of the documentation, and beside what they explain. */
  static List<Page> all() {
    List<Page> pages = new ArrayList<>();
    for (String place : List.of("docs", "k8s", "src", "grafana", "schemas")) {
      try (Stream<Path> files = Files.walk(Path.of(place))) {
        files.filter(Page::isMarkdown).sorted().forEach(file -> pages.add(read(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    try (Stream<Path> files = Files.list(Path.of(""))) {
      files.filter(Page::isMarkdown).sorted().forEach(file -> pages.add(read(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pages;
  }

  /** Not what pages are made from: links in it are those of the page. */
  private static boolean isMarkdown(Path file) {
    return file.toString().endsWith(".md")
        && !file.startsWith("src/main/resources")
        && !file.startsWith("src/test/resources/bench");
  }

  static Page read(Path file) {
    try {
      return new Page(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Targets of its links that stay within the project. */
  List<String> localLinks() {
    String prose = CODE.matcher(FENCE.matcher(text).replaceAll("")).replaceAll("");
    return LINK.matcher(prose)
        .results()
        .map(link -> link.group(1))
        .filter(target -> !target.matches("[a-z]+:.*"))
        .toList();
  }

  /** Where a link of this page leads, as a path from the top level. */
  Path target(String link) {
    String path = link.replaceFirst("#.*$", "");
    return path.isEmpty() ? file : file.resolveSibling(path).normalize();
  }

  /** What can follow {@code #} in a link to this page, as GitHub makes it of headings. */
  Set<String> anchors() {
    Map<String, Integer> seen = new HashMap<>();
    Set<String> anchors = new HashSet<>();
    HEADING
        .matcher(FENCE.matcher(text).replaceAll(""))
        .results()
        .forEach(
            heading -> {
              String name = slug(heading.group(1));
              int before = seen.merge(name, 1, Integer::sum) - 1;
              anchors.add(before == 0 ? name : name + "-" + before);
            });
    return anchors;
  }

  private static String slug(String heading) {
    return heading
        .strip()
        .replaceAll("]\\([^)]*\\)", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
        .replace(' ', '-');
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
