package dev.espalier.engine.score;

import java.util.List;

/**
 * {@code s = |γ|}, the scale of the batch normalisation of a channel (Liu et al. 2017,
 * arXiv:1708.06519), whose one threshold for all layers is kept: scales are not made relative. A
 * group with several normalisations has their mean. A group without any is left alone.
 */
record BatchNormScale() implements ChannelCriterion {
  @Override
  public boolean applies(Channels channels) {
    return !channels.of(ChannelPart.Role.SCALE).isEmpty();
  }

  @Override
  public Scores score(int ordinal, Channels channels) {
    List<ChannelPart> scales = channels.of(ChannelPart.Role.SCALE);
    if (scales.isEmpty()) {
      return KeyArray.noCandidates(channels.count());
    }
    double[] means = new double[channels.count()];
    scales.forEach(part -> part.addMagnitudes(scale -> scale / scales.size(), means));
    return KeyArray.of(Keys::ofMagnitude, means);
  }
}
