package dev.espalier.engine.score;

/**
 * Uniform scores that depend on seed, group and channel alone: {@code random} for channels.
 *
 * @param seed of the job
 */
record RandomChannel(long seed) implements ChannelCriterion {
  @Override
  public Scores score(int ordinal, Channels channels) {
    return RandomScore.of(seed, ordinal, channels.count());
  }
}
