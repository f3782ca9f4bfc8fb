package dev.espalier.worker.storage;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Address of an object: {@code s3://bucket/key}. The parser takes one spelling of each address and
 * nothing else: no user information, port, query or fragment, no percent-encoding, no control
 * characters, no empty, {@code .} or {@code ..} segment.
 *
 * @param bucket 3 to 63 characters of {@code a-z0-9.-}
 * @param key 1 to 1,024 characters, as the store knows it
 */
public record S3Uri(String bucket, String key) {
  private static final Pattern FORM =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(.{1,1024})");
  private static final Pattern KEY_CHARACTERS = Pattern.compile("[A-Za-z0-9!_.*'()=+:@,~/-]+");

  /**
   * Reads an address that came from outside.
   *
   * @param field where it stands in the event, for the message
   * @throws Refusal {@code schema-violation} when it has another form
   */
  public static S3Uri parse(String field, String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || !isPlain(matcher.group(2))) {
      throw new Refusal(
          ReasonCode.SCHEMA_VIOLATION,
          field
              + " is not a plain object address; write s3://bucket/key without user information,"
              + " percent-encoding, '.' or '..' segments or control characters");
    }
    return new S3Uri(matcher.group(1), matcher.group(2));
  }

  private static boolean isPlain(String key) {
    if (!KEY_CHARACTERS.matcher(key).matches()) {
      return false;
    }
    for (String segment : key.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return false;
      }
    }
    return true;
  }

  /** The address as text; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return "s3://" + bucket + "/" + key;
  }
}
