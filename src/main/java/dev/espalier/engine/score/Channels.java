package dev.espalier.engine.score;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * A group of channels with the weights that belong to each of them.
 *
 * @param count how many channels, those removed included
 * @param kept whether a channel is not removed yet
 * @param parts by tensor and axis
 */
public record Channels(int count, IntPredicate kept, List<ChannelPart> parts) {
  /** Copies the list. */
  public Channels {
    parts = List.copyOf(parts);
  }

  /** The parts of a role. */
  List<ChannelPart> of(ChannelPart.Role role) {
    return parts.stream().filter(part -> part.role() == role).toList();
  }

  /**
   * Scores as multiples of the mean of the channels that are still kept, so that groups of
   * different fan-in, width and scale can be compared. Where all scores are zero they stay so.
   */
  double[] relativeToMean(double... scores) {
    double sum = 0;
    int summed = 0;
    for (int c = 0; c < count; c++) {
      if (kept.test(c)) {
        sum += scores[c];
        summed++;
      }
    }
    double[] relative = new double[count];
    for (int c = 0; c < count && sum > 0; c++) {
      relative[c] = scores[c] * summed / sum;
    }
    return relative;
  }
}
