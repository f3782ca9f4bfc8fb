package dev.espalier.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.UUID;
import org.apache.commons.codec.binary.Base32;

/**
 * Identity of a job: the first 26 characters of the lower-case Base32 (RFC 4648) of the SHA-256 of
 * {@code ce_source}, a zero byte and {@code ce_id}, in UTF-8. The same event always gives the same
 * job, whoever reads it and from wherever.
 *
 * @param value 26 characters of {@code a-z2-7}
 */
public record JobId(String value) {
  private static final int LENGTH = 26;

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException unless {@code value} is 26 Base32 characters in lower case
   */
  @JsonCreator
  public JobId {
    if (!value.matches("[a-z2-7]{26}")) {
      throw new IllegalArgumentException("a job id is 26 characters of a-z2-7");
    }
  }

  /** The job of the event with this CloudEvents source and id. */
  public static JobId of(String source, String id) {
    MessageDigest digest = Sha256.newDigest();
    digest.update(source.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update(id.getBytes(StandardCharsets.UTF_8));
    String base32 = new Base32().encodeToString(digest.digest()).toLowerCase(Locale.ROOT);
    return new JobId(base32.substring(0, LENGTH));
  }

  /**
   * The id of the job's result event: a name-based UUID, version 5 (RFC 9562), of this job id in
   * {@link #RESULT_NAMESPACE}.
   */
  public UUID resultEventId() {
    return UuidV5.of(RESULT_NAMESPACE, value);
  }

  /** Namespace of result ids: the URL namespace of RFC 9562. */
  public static final UUID RESULT_NAMESPACE =
      UUID.fromString("6ba7b811-9dad-11d1-80b4-00c04fd430c8");

  @JsonValue
  @Override
  public String value() {
    return value;
  }

  @Override
  public String toString() {
    return value;
  }
}
