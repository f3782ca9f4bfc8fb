package dev.espalier.engine.surgery;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which channel of a group each position of a tensor's axis belongs to. A channel may have several
 * positions, in any order: all pixels of a flattened feature map, all gates of a recurrent unit,
 * the same filter of every group of a convolution, wherever a concatenation or a shuffle put it.
 */
public final class ChannelMap {
  /** What belongs to no channel of the group. */
  public static final int NONE = -1;

  private final int[] channels;

  private ChannelMap(int... channels) {
    this.channels = channels;
  }

  /** A map from the channel, or {@link #NONE}, of each position. */
  static ChannelMap of(int... channels) {
    return new ChannelMap(channels.clone());
  }

  /** Number of positions: the dimension of the axis. */
  public int size() {
    return channels.length;
  }

  /** The channel of a position, or {@link #NONE}. */
  public int channel(int position) {
    return channels[position];
  }

  /** The positions of a channel, ascending. */
  public IntStream positions(int channel) {
    return IntStream.range(0, channels.length).filter(p -> channels[p] == channel);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelMap map && Arrays.equals(channels, map.channels);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(channels);
  }

  @Override
  public String toString() {
    return Arrays.toString(channels);
  }
}
