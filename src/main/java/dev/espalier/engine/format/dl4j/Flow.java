package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.ValueInfo;
import java.util.List;

/** What flows between two layers, without the batch. */
sealed interface Flow {
  /** Dimensions, batch included, as a graph's input declares them. */
  List<Long> dimensions();

  /** A vector per sample. */
  record Flat(long size) implements Flow {
    @Override
    public List<Long> dimensions() {
      return List.of(ValueInfo.UNKNOWN, size);
    }
  }

  /**
   * An image per sample. Deeplearning4j's configuration does not record the size of images.
   *
   * @param channelsLast whether callers see [n, h, w, c] instead of [n, c, h, w]
   */
  record Image(long channels, boolean channelsLast) implements Flow {
    @Override
    public List<Long> dimensions() {
      long any = ValueInfo.UNKNOWN;
      return channelsLast ? List.of(any, any, any, channels) : List.of(any, channels, any, any);
    }

    /** Reads the layout of a layer or preprocessor; it has been recorded since 1.0.0-beta7. */
    static boolean channelsLast(Fields fields, String field) {
      String layout = fields.text(field).orElse("NCHW");
      return switch (layout) {
        case "NCHW" -> false;
        case "NHWC" -> true;
        default -> throw fields.unsupported("data format '" + layout + "' is not supported");
      };
    }
  }
}
