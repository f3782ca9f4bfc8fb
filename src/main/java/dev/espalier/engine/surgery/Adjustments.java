package dev.espalier.engine.surgery;

import dev.espalier.engine.mask.Mask;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What changes in a model besides the tensors that lose channels. */
public final class Adjustments {
  private static final Adjustments NONE = new Adjustments(List.of(), List.of(), List.of());

  /**
   * A number of positions.
   *
   * @param fixed those that always stay
   * @param channels those of channels, by name of their group
   */
  record Count(int fixed, Map<String, ChannelMap> channels) {
    /** How many are left. */
    int of(Map<String, Mask> kept) {
      int count = fixed;
      for (Map.Entry<String, ChannelMap> part : channels.entrySet()) {
        Mask mask = kept.get(part.getKey());
        for (int p = 0; p < part.getValue().size(); p++) {
          int channel = part.getValue().channel(p);
          count += channel != ChannelMap.NONE && (mask == null || mask.kept(channel)) ? 1 : 0;
        }
      }
      return count;
    }
  }

  /**
   * A stored integer that counts channels.
   *
   * @param tensor name of the initializer
   * @param sign −1 when it counts from the end
   */
  record Rewrite(String tensor, int element, Count count, int sign) {}

  /** An integer attribute of a node that counts channels. */
  record Resize(String node, String attribute, Count count) {}

  /**
   * A constant that removed channels leave, and the bias that takes it.
   *
   * @param channels positions along the value's axis that may hold one, by name of their group
   */
  record Remains(Fold fold, Map<String, ChannelMap> channels) {}

  private final List<Rewrite> rewrites;
  private final Map<String, List<Resize>> resizes;
  private final List<Remains> remains;

  Adjustments(List<Rewrite> rewrites, List<Resize> resizes, List<Remains> remains) {
    this.rewrites = List.copyOf(rewrites);
    this.resizes = resizes.stream().collect(Collectors.groupingBy(Resize::node));
    this.remains = List.copyOf(remains);
  }

  static Adjustments none() {
    return NONE;
  }

  List<Rewrite> rewrites() {
    return rewrites;
  }

  List<Resize> resizes(String node) {
    return resizes.getOrDefault(node, List.of());
  }

  List<Remains> remains() {
    return remains;
  }
}
