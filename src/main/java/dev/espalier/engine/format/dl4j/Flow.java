package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.ValueInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a value is to Deeplearning4j, and so how it lies in our graph, where channels always follow
 * the batch and time steps are never folded into it.
 */
sealed interface Flow {
  /** Features of a vector or time step, channels of an image. */
  Width width();

  /** The same with another number of features or channels. */
  Flow with(Width other);

  /** Dimensions as callers of Deeplearning4j see them, batch included. */
  List<Long> dimensions();

  /** The axis in our graph of an axis of Deeplearning4j's array, from 0. */
  int axis(int theirs);

  /** The axis of features or channels in our graph. */
  default int channelAxis() {
    return 1;
  }

  /** The axis that Deeplearning4j's softmax normalises over, its last, in our graph. */
  default int lastAxis() {
    return axis(dimensions().size() - 1);
  }

  /** Whether two values can be the same kind of thing. */
  default boolean agreesWith(Flow other) {
    return with(Width.of(0)).equals(other.with(Width.of(0))) && width().agreesWith(other.width());
  }

  /** A vector per sample: [n, features]. */
  record Flat(Width width) implements Flow {
    /** Vectors of known size. */
    static Flat of(long size) {
      return new Flat(Width.of(size));
    }

    @Override
    public Flat with(Width other) {
      return new Flat(other);
    }

    @Override
    public List<Long> dimensions() {
      return List.of(ValueInfo.UNKNOWN, width.size());
    }

    @Override
    public int axis(int theirs) {
      return theirs;
    }
  }

  /**
   * Vectors of all time steps of all samples. Deeplearning4j folds the steps into the batch, [t·n,
   * features] with the sample changing fastest; our graph keeps [n, t, features].
   */
  record Steps(Width width) implements Flow {
    @Override
    public Steps with(Width other) {
      return new Steps(other);
    }

    @Override
    public List<Long> dimensions() {
      return List.of(ValueInfo.UNKNOWN, width.size());
    }

    @Override
    public int axis(int theirs) {
      return theirs == 1 ? 2 : theirs;
    }

    @Override
    public int channelAxis() {
      return 2;
    }
  }

  /**
   * A sequence per sample; [n, features, t] in our graph.
   *
   * @param channelsLast whether Deeplearning4j has [n, t, features] (NWC)
   */
  record Sequence(Width width, boolean channelsLast) implements Flow {
    @Override
    public Sequence with(Width other) {
      return new Sequence(other, channelsLast);
    }

    @Override
    public List<Long> dimensions() {
      long any = ValueInfo.UNKNOWN;
      return channelsLast ? List.of(any, any, width.size()) : List.of(any, width.size(), any);
    }

    @Override
    public int axis(int theirs) {
      return channelsLast && theirs > 0 ? 3 - theirs : theirs;
    }
  }

  /**
   * An image per sample; [n, channels, h, w] in our graph. Deeplearning4j's configuration does not
   * record the size of images.
   *
   * @param channelsLast whether Deeplearning4j has [n, h, w, channels] (NHWC)
   * @param steps name of a value [n, ·, t] when there is an image per time step, [n·t, channels, h,
   *     w] with the step changing fastest; else null
   */
  record Image(Width width, boolean channelsLast, @Nullable String steps) implements Flow {
    /** Images of samples. */
    static Image of(long channels, boolean channelsLast) {
      return new Image(Width.of(channels), channelsLast, null);
    }

    @Override
    public Image with(Width other) {
      return new Image(other, channelsLast, steps);
    }

    @Override
    public List<Long> dimensions() {
      long any = ValueInfo.UNKNOWN;
      return channelsLast
          ? List.of(any, any, any, width.size())
          : List.of(any, width.size(), any, any);
    }

    @Override
    public int axis(int theirs) {
      return channelsLast && theirs > 0 ? theirs % 3 + 1 : theirs;
    }

    @Override
    public boolean agreesWith(Flow other) {
      return other instanceof Image image
          && image.channelsLast == channelsLast
          && width.agreesWith(image.width);
    }
  }
}
