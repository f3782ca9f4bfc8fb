package dev.espalier.engine.score;

import dev.espalier.contract.Policy;

/** What each channel of a group is worth; the channels with the lowest scores are removed. */
public sealed interface ChannelCriterion
    permits ChannelNorm,
        ChannelLamp,
        BatchNormScale,
        GeometricMedian,
        ChannelSnip,
        ChannelTaylor,
        RandomChannel {

  /**
   * Scores of the channels of a group, comparable with those of other groups.
   *
   * @param ordinal position of the group among those in scope
   * @param channels their weights; finite
   */
  Scores score(int ordinal, Channels channels);

  /** What scores depend on beside the weights: gradients or nothing. */
  default Need need() {
    return Need.NOTHING;
  }

  /** Whether the group has what the criterion looks at; without it, it is left alone. */
  default boolean applies(Channels channels) {
    return true;
  }

  /**
   * The criterion a policy names, which must be defined for channels.
   *
   * @param seed of {@code random}
   */
  static ChannelCriterion of(Policy.Criterion name, long seed) {
    return switch (name) {
      case MAGNITUDE, FILTER_L1 -> new ChannelNorm(1);
      case FILTER_L2 -> new ChannelNorm(2);
      case LAMP -> new ChannelLamp();
      case BATCH_NORM_SCALE -> new BatchNormScale();
      case GEOMETRIC_MEDIAN -> new GeometricMedian();
      case TAYLOR -> new ChannelTaylor();
      case SNIP -> new ChannelSnip(false);
      case TAYLOR_SIGNED -> new ChannelSnip(true);
      case RANDOM -> new RandomChannel(seed);
      case GRADIENT_SIGN, MOVEMENT, WANDA, OBS ->
          throw new IllegalArgumentException(name.wire() + " is not defined for channels");
    };
  }
}
