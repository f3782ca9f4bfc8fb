package dev.espalier.engine.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Python dictionary of a {@code .npy} header by a grammar that knows nothing else:
 *
 * <pre>
 * header := '{' entry (',' entry)* ','? '}' space*
 * entry  := "'descr'" ':' string | "'fortran_order'" ':' boolean | "'shape'" ':' tuple
 * tuple  := '(' (integer ',')* integer? ')'
 * </pre>
 *
 * Each key exactly once, spaces anywhere between tokens. A structured {@code descr} is a list, and
 * is refused like anything else outside the grammar.
 */
final class NpyHeaderParser {
  private static final int MAX_DIGITS = 18;

  private final String text;
  private final String array;
  private int at;
  private @Nullable String descr;
  private @Nullable Boolean fortran;
  private @Nullable List<Long> shape;

  NpyHeaderParser(String text, String array) {
    this.text = text;
    this.array = array;
  }

  NpyHeader parse() {
    expect('{');
    while (!accept('}')) {
      entry();
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skipSpace();
    if (at != text.length() || descr == null || fortran == null || shape == null) {
      throw broken();
    }
    return NpyHeader.of(descr, fortran, shape, array);
  }

  private void entry() {
    String key = string();
    expect(':');
    if (key.equals("descr") && descr == null) {
      descr = string();
    } else if (key.equals("fortran_order") && fortran == null) {
      fortran = bool();
    } else if (key.equals("shape") && shape == null) {
      shape = tuple();
    } else {
      throw broken();
    }
  }

  private String string() {
    skipSpace();
    char quote = at < text.length() ? text.charAt(at) : 0;
    int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
    if (end < 0) {
      throw broken();
    }
    String value = text.substring(at + 1, end);
    at = end + 1;
    return value;
  }

  private boolean bool() {
    skipSpace();
    for (String word : List.of("True", "False")) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return word.equals("True");
      }
    }
    throw broken();
  }

  private List<Long> tuple() {
    List<Long> values = new ArrayList<>();
    expect('(');
    while (!accept(')')) {
      values.add(integer());
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return values;
  }

  private long integer() {
    skipSpace();
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start || at - start > MAX_DIGITS) {
      throw broken();
    }
    return Long.parseLong(text.substring(start, at));
  }

  private boolean accept(char wanted) {
    skipSpace();
    boolean there = at < text.length() && text.charAt(at) == wanted;
    if (there) {
      at++;
    }
    return there;
  }

  private void expect(char wanted) {
    if (!accept(wanted)) {
      throw broken();
    }
  }

  private void skipSpace() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
      at++;
    }
  }

  private RuntimeException broken() {
    return NpyHeader.malformed(array, "its header is not a .npy dictionary, at character " + at);
  }
}
