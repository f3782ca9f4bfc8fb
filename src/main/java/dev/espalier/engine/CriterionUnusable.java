package dev.espalier.engine;

/** A fallback criterion has nothing to look at in this model: its rung ends before it begins. */
final class CriterionUnusable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CriterionUnusable(String why) {
    super(why);
  }
}
