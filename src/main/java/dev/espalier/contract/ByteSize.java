package dev.espalier.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A size in bytes, written as in Kubernetes: {@code 512MiB}, {@code 2GiB}, {@code 1500000}. The
 * units are {@code KiB}, {@code MiB}, {@code GiB} and {@code TiB}, powers of 1024; the {@code B}
 * may be left out.
 *
 * @param bytes at least 0
 */
public record ByteSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,15}) ?(?:([KMGT])i(?:B)?|B)?");
  private static final String UNITS = "KMGT";

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when negative
   */
  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size is not negative: " + bytes);
    }
  }

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException when it is malformed or above {@link Long#MAX_VALUE}
   */
  @JsonCreator
  public static ByteSize parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a size; write it as 512MiB or 2GiB");
    }
    int power = form.group(2) == null ? 0 : 1 + UNITS.indexOf(form.group(2));
    try {
      return new ByteSize(Math.multiplyExact(Long.parseLong(form.group(1)), 1L << (10 * power)));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is more bytes than can be counted", e);
    }
  }

  /** In the largest unit that keeps two digits before the point, such as {@code 512 MiB}. */
  @Override
  public String toString() {
    int power = 0;
    double value = bytes;
    while (value >= 1024 && power < UNITS.length()) {
      value /= 1024;
      power++;
    }
    return power == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, "%.4g %siB", value, UNITS.charAt(power - 1));
  }
}
