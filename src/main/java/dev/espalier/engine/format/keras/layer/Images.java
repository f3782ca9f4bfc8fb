package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.format.keras.lowering.Value.Layout;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * A value as operators on images see it: channels second, then one to three spatial axes.
 *
 * @param value held in the graph as [n, c, spatial…]
 * @param channelsFirst whether Keras sees it that way too
 * @param channels how many, which is known
 * @param spatial sizes, {@link ValueInfo#UNKNOWN} where open
 */
record Images(Value value, boolean channelsFirst, long channels, List<Long> spatial) {

  /** Copies its sizes. */
  Images {
    spatial = List.copyOf(spatial);
  }

  /** The input of a layer over so many spatial axes, by its {@code data_format}. */
  static Images of(LayerCall call, int axes) {
    return of(call, axes, Settings.channelsFirst(call));
  }

  /** The input of a layer over so many spatial axes. */
  static Images of(LayerCall call, int axes, boolean channelsFirst) {
    Value input = Settings.ranked(call, call.input(), axes + 2);
    Value held =
        channelsFirst ? call.graph().asKeras(input) : call.graph().channelsMovedFirst(input);
    List<Long> shape = input.shape();
    return new Images(
        held,
        channelsFirst,
        Settings.known(call, input, channelsFirst ? 1 : -1),
        channelsFirst ? shape.subList(2, axes + 2) : shape.subList(1, axes + 1));
  }

  /** Name of the value in the graph. */
  String name() {
    return value.name();
  }

  /** Images of other sizes in the same arrangement; Keras passes no mask through image layers. */
  Images with(String name, long newChannels, List<Long> newSpatial) {
    List<Long> shape = new ArrayList<>();
    shape.add(value.shape().get(0));
    shape.addAll(newSpatial);
    shape.add(channelsFirst ? 1 : shape.size(), newChannels);
    Layout layout = channelsFirst ? Layout.AS_KERAS : Layout.CHANNELS_MOVED_FIRST;
    Value changed = Value.of(name, shape).arranged(layout);
    return new Images(changed, channelsFirst, newChannels, newSpatial);
  }
}
