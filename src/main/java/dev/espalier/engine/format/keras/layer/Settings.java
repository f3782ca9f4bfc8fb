package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Settings that many layers share. */
final class Settings {
  private Settings() {}

  /**
   * Axes that a setting names, from 0 and in the setting's order.
   *
   * @param rank of the value, batch included
   */
  static List<Integer> axes(LayerCall call, String field, int rank, int absent) {
    List<Integer> given = call.config().integers(field, -rank);
    List<Integer> axes = new ArrayList<>();
    for (int axis : given.isEmpty() ? List.of(absent) : given) {
      if (axis >= rank || axis < -rank) {
        throw call.config()
            .malformed("'%s' names axis %d of a value with %d axes".formatted(field, axis, rank));
      }
      axes.add(axis < 0 ? axis + rank : axis);
    }
    if (new TreeSet<>(axes).size() != axes.size()) {
      throw call.config().malformed("'%s' names an axis twice".formatted(field));
    }
    return axes;
  }

  /** The size of an axis, which must be known. */
  static long known(LayerCall call, Value value, int axis) {
    long size = value.dimension(axis);
    if (size == ValueInfo.UNKNOWN) {
      throw call.unsupported("the size of axis " + axis + " of its input is not known");
    }
    return size;
  }

  /** Refuses a value with another number of axes. */
  static Value ranked(LayerCall call, Value value, int rank) {
    if (value.rank() != rank) {
      throw call.config()
          .malformed("it takes values with %d axes, but gets %s".formatted(rank, value.shape()));
    }
    return value;
  }

  /** Whether images are stored with the channels in front. */
  static boolean channelsFirst(LayerCall call) {
    String format = call.config().text("data_format").orElse("channels_last");
    return switch (format) {
      case "channels_last" -> false;
      case "channels_first" -> true;
      default -> throw call.config().malformed("data_format '" + format + "' is not known");
    };
  }

  /** Product of sizes, {@link ValueInfo#UNKNOWN} when one is open. */
  static long product(List<Long> sizes) {
    long product = 1;
    for (long size : sizes) {
      if (size == ValueInfo.UNKNOWN) {
        return ValueInfo.UNKNOWN;
      }
      product = Math.multiplyExact(product, size);
    }
    return product;
  }
}
