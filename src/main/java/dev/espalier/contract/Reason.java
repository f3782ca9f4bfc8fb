package dev.espalier.contract;

/**
 * Why something ended as it did.
 *
 * @param code the stable code
 * @param message what, where and what to do, in one line
 */
public record Reason(ReasonCode code, String message) {
  /** The longest message kept: results are small records, and inputs are not to be echoed whole. */
  public static final int MAX_MESSAGE_CHARS = 1_000;

  /** Control characters become spaces and the message is cut to {@link #MAX_MESSAGE_CHARS}. */
  public Reason {
    message = message.replaceAll("\\p{Cntrl}+", " ").strip();
    if (message.length() > MAX_MESSAGE_CHARS) {
      message = message.substring(0, MAX_MESSAGE_CHARS - 3) + "...";
    }
  }

  @Override
  public String toString() {
    return code.wire() + ": " + message;
  }
}
