package dev.espalier.ops;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the metrics that a PromQL expression reads. Not a parser: what is not a metric is taken
 * out, and of what is left every name is one.
 */
public final class PromQl {
  private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern SELECTOR = Pattern.compile("\\{[^}]*}|\\[[^]]*]");
  private static final Pattern LABELS =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
  private static final Pattern LABEL_VALUES =
      Pattern.compile("label_values\\s*\\((.*),\\s*\\w+\\s*\\)");
  private static final Pattern WORD = Pattern.compile("(?<![\\w:$.])[a-zA-Z_:][\\w:]*(?!\\w)");
  private static final Set<String> KEYWORDS =
      Set.of("and", "or", "unless", "bool", "offset", "inf");

  private PromQl() {}

  /** Names of series as a scrape spells them: histograms with their suffix. */
  public static Set<String> metrics(String expression) {
    String bare = STRING.matcher(expression).replaceAll("");
    bare = SELECTOR.matcher(bare).replaceAll("");
    bare = LABEL_VALUES.matcher(bare).replaceAll("$1");
    bare = LABELS.matcher(bare).replaceAll("");
    Set<String> names = new TreeSet<>();
    Matcher words = WORD.matcher(bare);
    while (words.find()) {
      boolean function = bare.substring(words.end()).stripLeading().startsWith("(");
      if (!function && !KEYWORDS.contains(words.group())) {
        names.add(words.group());
      }
    }
    return names;
  }
}
