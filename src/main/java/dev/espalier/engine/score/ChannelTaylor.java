package dev.espalier.engine.score;

import java.util.List;

/**
 * {@code s = Σ (Σ g·w)² / B}: the inner sum over the weights of a channel, the outer one over
 * batches of samples, with g = ∂L/∂w of a batch's mean loss (Molchanov et al. 2019,
 * arXiv:1906.10771, equation 9, the joint importance of a set of weights, averaged over batches as
 * in its section 3.2). At an optimum the gradient of the mean loss over all samples is zero up to
 * noise, whatever the channel is worth; that of single batches is not.
 *
 * <p>Summed are the weights that read the channel, as {@link ChannelSnip} does, and only where
 * nothing that reads it has a gradient those that write it. The unit is that of the loss, so groups
 * are compared as they are. Channels are ordered by the root of s.
 */
record ChannelTaylor() implements ChannelCriterion {
  @Override
  public Need need() {
    return Need.AXIS_PRODUCTS;
  }

  @Override
  public Scores score(int ordinal, Channels channels) {
    List<ChannelPart> summed = channels.summed(part -> part.products() != null);
    int batches = (int) summed.get(0).products().dimension(0);
    double[][] sums = new double[batches][channels.count()];
    summed.forEach(part -> part.addBatchProducts(sums));
    double[] roots = new double[channels.count()];
    for (int c = 0; c < roots.length; c++) {
      for (double[] batch : sums) {
        roots[c] = Math.hypot(roots[c], batch[c]);
      }
    }
    return KeyArray.of(Keys::ofMagnitude, roots);
  }
}
