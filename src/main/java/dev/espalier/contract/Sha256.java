package dev.espalier.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 digest.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Sha256(String hex) {
  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException unless {@code hex} is 64 lower-case hexadecimal digits
   */
  @JsonCreator
  public Sha256 {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a SHA-256 is 64 lower-case hexadecimal digits");
    }
  }

  /** A running digest, for hashing while streaming. */
  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The digest that {@code running} has come to; resets it. */
  public static Sha256 of(MessageDigest running) {
    return new Sha256(HexFormat.of().formatHex(running.digest()));
  }

  /** The digest of {@code bytes}. */
  public static Sha256 of(byte[] bytes) {
    MessageDigest digest = newDigest();
    digest.update(bytes);
    return of(digest);
  }

  @JsonValue
  @Override
  public String hex() {
    return hex;
  }

  @Override
  public String toString() {
    return hex;
  }
}
