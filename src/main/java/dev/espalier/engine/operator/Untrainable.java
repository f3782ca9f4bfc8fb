package dev.espalier.engine.operator;

/** Thrown for a node that cannot be trained; the message names the node, its operator and why. */
public final class Untrainable extends RuntimeException {
  /** An exception with that message. */
  public Untrainable(String message) {
    super(message);
  }
}
