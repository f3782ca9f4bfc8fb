package dev.espalier.engine.surgery;

/** Without its channels a model computes something else, or cannot be shown not to. */
public final class RemovalNotProven extends RuntimeException {
  private static final long serialVersionUID = 1;

  RemovalNotProven(String message) {
    super(message);
  }
}
