package dev.espalier.engine.surgery;

import java.util.List;

/**
 * Channels that can be removed one by one, each from all tensors that are coupled to it.
 *
 * @param name the layers that write the channels, separated by commas; unique
 * @param channels how many there are, at least 2
 * @param couplings what they are removed from; every channel has at least one position in each
 */
public record ChannelGroup(String name, int channels, List<Coupling> couplings) {
  /** Copies the list. */
  public ChannelGroup {
    couplings = List.copyOf(couplings);
  }
}
