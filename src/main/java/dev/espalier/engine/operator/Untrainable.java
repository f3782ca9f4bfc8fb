package dev.espalier.engine.operator;

/** Thrown for a node that cannot be trained; the message names the node, its operator and why. */
public sealed class Untrainable extends RuntimeException {
  /** An exception with that message. */
  public Untrainable(String message) {
    super(message);
  }

  /**
   * Thrown when an input that must be constant is not, or not yet: sizes that depend on the batch
   * are only known once its shape is.
   */
  public static final class NotConstant extends Untrainable {
    NotConstant(String message) {
      super(message);
    }
  }
}
