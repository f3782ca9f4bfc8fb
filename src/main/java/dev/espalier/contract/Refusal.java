package dev.espalier.contract;

/**
 * Thrown where an input turns out to be unsupported, malformed or hostile. It is caught once, at
 * the engine's or the worker's boundary, and becomes an outcome there; it never crosses a process.
 */
public final class Refusal extends RuntimeException {
  private final transient Reason reason;

  /**
   * A refusal.
   *
   * @param code the stable code
   * @param message what, where and what to do
   */
  public Refusal(ReasonCode code, String message) {
    this(code, message, null);
  }

  /** A refusal with the library exception that led to it; the cause is for logs only. */
  public Refusal(
      ReasonCode code, String message, @org.jspecify.annotations.Nullable Throwable cause) {
    super(code.wire() + ": " + message, cause);
    this.reason = new Reason(code, message);
  }

  /** Code and message. */
  public Reason reason() {
    return reason;
  }
}
