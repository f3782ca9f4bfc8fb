package dev.espalier.engine.score;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

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

  /**
   * The parts whose products with a gradient say what the channels are worth: those that read them,
   * or where none of these has one, all that have.
   *
   * @param differentiated whether a part has a gradient
   * @throws IllegalArgumentException when none has
   */
  List<ChannelPart> summed(Predicate<ChannelPart> differentiated) {
    List<ChannelPart> readers =
        of(ChannelPart.Role.READER).stream().filter(differentiated).toList();
    List<ChannelPart> summed =
        readers.isEmpty() ? parts().stream().filter(differentiated).toList() : readers;
    if (summed.isEmpty()) {
      throw new IllegalArgumentException("the criterion needs gradients");
    }
    return summed;
  }
}
