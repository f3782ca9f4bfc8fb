package dev.espalier.engine.format.dl4j;

import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;

import dev.espalier.contract.Refusal;

/**
 * A layer or vertex and its settings.
 *
 * @param key what its parameters' names start with: its index, or in a graph its name
 * @param prefix what precedes a parameter's own name, for layers that hold two of a kind
 * @param name by which people know it
 * @param fields its settings
 * @param frozen whether training leaves its parameters as they are
 */
record Site(String key, String prefix, String name, Fields fields, boolean frozen) {
  /** A layer that is trained, as far as is known. */
  Site(String key, String prefix, String name, Fields fields) {
    this(key, prefix, name, fields, false);
  }

  /** The same layer, whose parameters stay. */
  Site freeze() {
    return new Site(key, prefix, name, fields, true);
  }

  /** The same layer with the settings of the layer it wraps. */
  Site wrapping(Fields inner) {
    return new Site(key, prefix, name, inner, frozen);
  }

  /** One of two inner layers. */
  Site wrapping(Fields inner, String innerPrefix) {
    return new Site(key, prefix + innerPrefix, name, inner, frozen);
  }

  /** Refuses a value that is not what the layer takes. */
  void requireInput(Value value, Flow expected) {
    if (!value.flow().agreesWith(expected)) {
      throw mismatch(value, expected.toString());
    }
  }

  /** Refuses a value that is no vector of that size, be it one per sample or per time step. */
  void requireVector(Value value, Width expected) {
    boolean isVector = value.flow() instanceof Flow.Flat || value.flow() instanceof Flow.Steps;
    if (!isVector || !value.flow().width().agreesWith(expected)) {
      throw mismatch(value, "vectors of size " + expected.size());
    }
  }

  /** Refuses a value that is not an image of this layout and number of channels. */
  Flow.Image requireImage(Value value, boolean channelsLast, Width channels) {
    if (value.flow() instanceof Flow.Image image
        && image.channelsLast() == channelsLast
        && image.width().agreesWith(channels)) {
      return image;
    }
    throw mismatch(value, "images with channels " + (channelsLast ? "last" : "first"));
  }

  /** Refuses a value that is not a sequence of this layout and number of features. */
  Flow.Sequence requireSequence(Value value, boolean channelsLast, Width features) {
    if (value.flow() instanceof Flow.Sequence sequence
        && sequence.channelsLast() == channelsLast
        && sequence.width().agreesWith(features)) {
      return sequence;
    }
    throw mismatch(value, "sequences with features " + (channelsLast ? "last" : "first"));
  }

  private Refusal mismatch(Value value, String expected) {
    return new Refusal(
        MODEL_MALFORMED,
        "layer '%s' takes %s, but what comes before gives %s"
            .formatted(name, expected, value.flow()));
  }

  /** Whether a setting says NHWC. */
  boolean channelsLast(String field) {
    return fields.channelsLast(field);
  }

  /** Whether a setting says NWC. */
  boolean featuresLast(String field) {
    return fields.featuresLast(field);
  }
}
