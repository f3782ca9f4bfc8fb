package dev.espalier.docs;

import dev.espalier.docs.ConfigSource.Member;
import dev.espalier.worker.config.EnforcedBounds;
import io.smallrye.config.common.utils.StringUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of the settings of the worker, as Markdown. */
final class ConfigurationReference {
  private static final String ROOT = "WorkerConfig";
  private static final Pattern GENERIC = Pattern.compile("(Optional|List|Map)<(.+)>");
  private static final String HEAD =
      "| property and variable | default | values | |\n|---|---|---|---|\n";

  private final ConfigSource source = new ConfigSource();
  private final List<String> properties = new ArrayList<>();

  ConfigurationReference() throws IOException {}

  /** All groups, each under a heading; the root's own properties first. */
  String text() {
    properties.clear();
    StringBuilder groups = new StringBuilder();
    String own = group(ROOT, "espalier", groups);
    return HEAD + own + groups;
  }

  /** Every property that {@link #text()} has written, as the configuration library names them. */
  List<String> properties() {
    return List.copyOf(properties);
  }

  /** Writes groups inside this one to {@code groups}; gives the rows of its own properties. */
  private String group(String type, String prefix, StringBuilder groups) {
    StringBuilder rows = new StringBuilder();
    for (Member member : source.members(type)) {
      Property property = property(member, prefix);
      if (source.isGroup(property.type)) {
        StringBuilder inner = new StringBuilder();
        String own = group(property.type, property.name, inner);
        groups.append("\n### `").append(property.name).append("`\n\n");
        groups.append(javadoc(prefix).of(member.doc())).append("\n\n");
        groups.append(HEAD).append(own).append(inner);
      } else {
        properties.add(property.name);
        rows.append(row(member, prefix, property));
      }
    }
    return rows.toString();
  }

  private static Property property(Member member, String prefix) {
    String name = prefix + "." + member.name();
    String type = member.type();
    boolean optional = false;
    for (Matcher m = GENERIC.matcher(type); m.matches(); m = GENERIC.matcher(type)) {
      optional |= m.group(1).equals("Optional");
      name += m.group(1).equals("List") ? "[*]" : m.group(1).equals("Map") ? ".*" : "";
      type = m.group(2).replaceFirst("^String,\\s*", "");
    }
    return new Property(name, type, optional);
  }

  private record Property(String name, String type, boolean optional) {}

  private String row(Member member, String prefix, Property property) {
    boolean list = property.name.endsWith("[*]");
    boolean map = property.name.endsWith(".*");
    String shown = written(property.name).replace(".*", ".\"KEY\"");
    String value = member.defaultValue().map(v -> "`" + v + "`").orElse(absent(property, map));
    return "| `%s`<br>`%s` | %s | %s | %s |%n"
        .formatted(
            shown,
            variable(shown),
            value,
            (list ? "comma-separated: " : "") + values(property),
            javadoc(prefix).of(member.doc()));
  }

  /** As it is set: a list of values in one, a list of groups by number. */
  private static String written(String property) {
    return property.replaceAll("\\[\\*]$", "").replace("[*]", "[0]");
  }

  private static String absent(Property property, boolean map) {
    return property.optional || map ? "" : "**required**";
  }

  private static String values(Property property) {
    return EnforcedBounds.of(written(property.name))
        .map(b -> type(property.type) + "; " + b)
        .orElse(type(property.type));
  }

  /** What to write for a type, as the configuration library reads it. */
  private static String type(String type) {
    return switch (type) {
      case "String" -> "text";
      case "int", "long" -> "number";
      case "double" -> "fraction";
      case "boolean" -> "`true` or `false`";
      case "Path" -> "path";
      case "URI" -> "address";
      case "Duration" -> "duration";
      case "MemorySize" -> "size";
      default -> words(type);
    };
  }

  private static String words(String type) {
    try {
      Class<?> constants = Class.forName("dev.espalier.worker.config." + type);
      List<String> names = new ArrayList<>();
      for (Object constant : constants.getEnumConstants()) {
        names.add("`" + constant.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`");
      }
      return String.join(", ", names);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("the reference page knows no type " + type, e);
    }
  }

  static String variable(String property) {
    return StringUtil.replaceNonAlphanumericByUnderscores(property).toUpperCase(Locale.ROOT);
  }

  /** Links to methods of the same interface are written as properties. */
  private static JavadocText javadoc(String prefix) {
    return new JavadocText(
        reference ->
            reference.startsWith("#")
                ? prefix
                    + "."
                    + reference
                        .replaceAll("^#|\\(\\)$", "")
                        .replaceAll("([A-Z])", "-$1")
                        .toLowerCase(Locale.ROOT)
                : reference);
  }
}
