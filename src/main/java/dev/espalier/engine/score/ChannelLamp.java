package dev.espalier.engine.score;

import java.util.Arrays;

/**
 * {@code s = n² / Σ n'²} with n the Euclidean norm of all weights that belong to a channel, the sum
 * over the channels of the group whose norm is not smaller: LAMP (Lee et al. 2021,
 * arXiv:2010.07611) with channels in place of weights. The channel with the largest norm has score
 * 1, so that no group is emptied before the others. Equal norms have equal scores; s = 0 where n
 * is.
 */
record ChannelLamp() implements ChannelCriterion {
  @Override
  public Scores score(int ordinal, Channels channels) {
    double[] squares = new double[channels.count()];
    channels.parts().forEach(part -> part.addMagnitudes(w -> w * w, squares));
    double[] scores = new double[squares.length];
    for (int c = 0; c < scores.length; c++) {
      double own = squares[c];
      scores[c] = own == 0 ? 0 : own / Arrays.stream(squares).filter(s -> s >= own).sum();
    }
    return KeyArray.of(Keys::ofMagnitude, scores);
  }
}
