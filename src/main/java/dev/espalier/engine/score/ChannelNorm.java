package dev.espalier.engine.score;

/**
 * {@code s = ‖w‖ₚ / mean ‖w'‖ₚ}: the norm of all weights that belong to a channel, its filter with
 * everything coupled to it, relative to the mean over the channels of the group that are still
 * kept. The norm of the filter is Li et al. 2017, arXiv:1608.08710 (p = 1 there); that of the whole
 * group, and the mean that makes groups comparable, are Fang et al. 2023, arXiv:2301.12900. Within
 * a group the mean changes nothing. A channel without a weight other than zero has score 0.
 *
 * <p>With p = 1 this is {@code magnitude} too: |w| summed over the channel.
 *
 * @param order p, 1 or 2
 */
record ChannelNorm(int order) implements ChannelCriterion {
  @Override
  public Scores score(int ordinal, Channels channels) {
    double[] sums = new double[channels.count()];
    for (ChannelPart part : channels.parts()) {
      part.addMagnitudes(order == 1 ? w -> w : w -> w * w, sums);
    }
    for (int c = 0; c < sums.length && order == 2; c++) {
      sums[c] = Math.sqrt(sums[c]);
    }
    return KeyArray.of(Keys::ofMagnitude, channels.relativeToMean(sums));
  }
}
