package dev.espalier.engine.mask;

import dev.espalier.engine.score.Scores;
import java.util.Arrays;

/** Scores that are all the same, where they do not matter. */
public record EqualScores(int size) implements Scores {
  @Override
  public void keys(int from, int count, int[] into) {
    Arrays.fill(into, 0, count, 0);
  }
}
