package dev.espalier.engine.surgery;

import java.util.List;
import java.util.Map;

/** What changes in a model besides the tensors that lose channels. */
public final class Adjustments {
  private static final Adjustments NONE = new Adjustments(List.of(), List.of());

  /**
   * A stored integer that counts channels.
   *
   * @param tensor name of the initializer
   * @param fixed positions that always stay
   * @param channels positions of channels, by name of their group
   * @param sign −1 when it counts from the end
   */
  record Rewrite(
      String tensor, int element, int fixed, Map<String, ChannelMap> channels, int sign) {}

  /**
   * A constant that removed channels leave, and the bias that takes it.
   *
   * @param channels positions along the value's axis that may hold one, by name of their group
   */
  record Remains(Fold fold, Map<String, ChannelMap> channels) {}

  private final List<Rewrite> rewrites;
  private final List<Remains> remains;

  Adjustments(List<Rewrite> rewrites, List<Remains> remains) {
    this.rewrites = List.copyOf(rewrites);
    this.remains = List.copyOf(remains);
  }

  static Adjustments none() {
    return NONE;
  }

  List<Rewrite> rewrites() {
    return rewrites;
  }

  List<Remains> remains() {
    return remains;
  }
}
