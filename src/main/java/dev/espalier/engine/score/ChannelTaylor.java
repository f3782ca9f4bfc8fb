package dev.espalier.engine.score;

import java.util.List;
import java.util.stream.Stream;

/**
 * {@code s = (Σ g·w)²}, or with its sign {@code s = −Σ g·w}: what the first-order Taylor expansion
 * says about the loss when a channel goes (Molchanov et al. 2019, arXiv:1906.10771, equation 9, the
 * joint importance of a set of weights; signed: the predicted change itself, the largest decrease
 * first). Squaring is monotone on |Σ g·w|, which is also the connection sensitivity of {@code snip}
 * (Lee et al. 2019, arXiv:1810.02340) for a gate on the channel, but for a common factor.
 *
 * <p>The sum is over the weights that read the channel: what they lose is exactly what its removal
 * takes from the rest of the model, whatever normalisations and depthwise convolutions lie between;
 * the weights that write it would count each of these stages once more. Only where nothing that
 * reads it has a gradient, the weights that write it take their place. The unit is that of the
 * loss, so groups are compared as they are.
 *
 * @param signed whether the sign counts
 */
record ChannelTaylor(boolean signed) implements ChannelCriterion {
  @Override
  public Need need() {
    return Need.GRADIENTS;
  }

  @Override
  public Scores score(int ordinal, Channels channels) {
    List<ChannelPart> readers = differentiated(channels.of(ChannelPart.Role.READER).stream());
    List<ChannelPart> summed =
        readers.isEmpty() ? differentiated(channels.parts().stream()) : readers;
    if (summed.isEmpty()) {
      throw new IllegalArgumentException("the criterion needs gradients");
    }
    double[] sums = new double[channels.count()];
    summed.forEach(part -> part.addProducts(sums));
    return signed
        ? KeyArray.of(sum -> Keys.ofSigned(-sum), sums)
        : KeyArray.of(Keys::ofMagnitude, sums);
  }

  private static List<ChannelPart> differentiated(Stream<ChannelPart> parts) {
    return parts.filter(part -> part.sensitivity() != null).toList();
  }
}
