package dev.espalier.engine.surgery;

/**
 * A tensor that loses positions of an axis when channels of a group are removed. A tensor may be
 * coupled to one group by several axes, and to several groups.
 *
 * @param tensor name of the initializer
 * @param axis of the tensor, from 0
 * @param map the channel of each position on the axis
 * @param kind what the tensor is to the channels
 */
public record Coupling(String tensor, int axis, ChannelMap map, Kind kind) {

  /** What a tensor is to a channel. */
  public enum Kind {
    /** Weights and biases that write the channel: zero when it is masked. */
    PRODUCER(true),
    /**
     * What acts on the channel alone, such as scale and shift of a normalisation, depthwise kernels
     * and slopes: zero when it is masked.
     */
    PER_CHANNEL(true),
    /** Running means and variances, and constants that nobody trains: cut, never masked. */
    STATISTIC(false),
    /** Weights that read the channel: cut, never masked. */
    CONSUMER(false);

    private final boolean masked;

    Kind(boolean masked) {
      this.masked = masked;
    }

    /** Whether the elements of a masked channel are zero. */
    public boolean isMasked() {
      return masked;
    }
  }
}
