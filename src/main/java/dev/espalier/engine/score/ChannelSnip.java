package dev.espalier.engine.score;

import java.util.List;

/**
 * {@code s = |Σ g·w|}, the connection sensitivity (Lee et al. 2019, arXiv:1810.02340) of a gate on
 * the channel, but for a common factor; or with its sign {@code s = −Σ g·w}, the change of the mean
 * loss that the first-order Taylor expansion predicts when the channel goes (Molchanov et al. 2017,
 * arXiv:1611.06440), the largest decrease first. The gradient is that of the mean loss over all
 * samples.
 *
 * <p>The sum is over the weights that read the channel: what they lose is exactly what its removal
 * takes from the rest of the model, whatever normalisations and depthwise convolutions lie between;
 * the weights that write it would count each of these stages once more. Only where nothing that
 * reads it has a gradient, the weights that write it take their place. The unit is that of the
 * loss, so groups are compared as they are.
 *
 * @param signed whether the sign counts
 */
record ChannelSnip(boolean signed) implements ChannelCriterion {
  @Override
  public Need need() {
    return Need.GRADIENTS;
  }

  @Override
  public Scores score(int ordinal, Channels channels) {
    List<ChannelPart> summed = channels.summed(part -> part.sensitivity() != null);
    double[] sums = new double[channels.count()];
    summed.forEach(part -> part.addProducts(sums));
    return signed
        ? KeyArray.of(sum -> Keys.ofSigned(-sum), sums)
        : KeyArray.of(Keys::ofMagnitude, sums);
  }
}
