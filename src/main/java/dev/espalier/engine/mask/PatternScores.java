package dev.espalier.engine.mask;

import dev.espalier.engine.score.Scores;

/**
 * Scores of which a pattern makes some weights candidates and no others.
 *
 * @param scores of all weights
 * @param candidates keeps the candidates
 */
record PatternScores(Scores scores, Mask candidates) implements Scores {
  @Override
  public int size() {
    return scores.size();
  }

  @Override
  public boolean selective() {
    return true;
  }

  @Override
  public void keys(int from, int count, int[] into) {
    scores.keys(from, count, into);
    for (int i = 0; i < count; i++) {
      // A candidate's own key may be the highest there is.
      int own = into[i] == NO_CANDIDATE ? NO_CANDIDATE - 1 : into[i];
      into[i] = candidates.kept(from + i) ? own : NO_CANDIDATE;
    }
  }
}
