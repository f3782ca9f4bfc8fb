package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Windows that slide over the spatial axes, with TensorFlow's padding rules: {@code valid} pads
 * nothing; {@code same} gives ⌈size / stride⌉ windows and pads the odd element at the end; {@code
 * causal} pads only before, so that no window sees the future.
 */
record Windows(String padding, List<Integer> size, List<Integer> strides, List<Integer> dilation) {

  /** Copies its lists. */
  Windows {
    size = List.copyOf(size);
    strides = List.copyOf(strides);
    dilation = List.copyOf(dilation);
  }

  /** The windows of a convolution: {@code kernel_size}, {@code strides}, {@code dilation_rate}. */
  static Windows ofConvolution(LayerCall call, int axes) {
    return new Windows(
        padding(call, axes == 1),
        required(call, "kernel_size", axes),
        call.config().perAxis("strides", axes, 1, 1),
        call.config().perAxis("dilation_rate", axes, 1, 1));
  }

  /**
   * The windows of a pooling layer: {@code pool_size}, and {@code strides} as large when absent.
   */
  static Windows ofPooling(LayerCall call, int axes) {
    List<Integer> size = call.config().perAxis("pool_size", axes, 1, 2);
    List<Integer> strides =
        call.config().isAbsent("strides") ? size : call.config().perAxis("strides", axes, 1, 1);
    return new Windows(padding(call, false), size, strides, Collections.nCopies(axes, 1));
  }

  private static List<Integer> required(LayerCall call, String field, int axes) {
    if (call.config().isAbsent(field)) {
      throw call.config().malformed("'" + field + "' is missing");
    }
    return call.config().perAxis(field, axes, 1, 1);
  }

  static String padding(LayerCall call, boolean causalToo) {
    String padding = call.config().text("padding").orElse("valid");
    if (!List.of("valid", "same").contains(padding) && !(causalToo && padding.equals("causal"))) {
      throw call.config().malformed("padding '" + padding + "' is not known");
    }
    return padding;
  }

  /** Elements from the first to the last that a window covers along an axis. */
  long extent(int axis) {
    return (size.get(axis) - 1L) * dilation.get(axis) + 1;
  }

  /** Sizes along each axis as an operator's attribute. */
  static Attribute longs(List<Integer> values) {
    return new Attribute.Ints(values.stream().map(Integer::longValue).toList());
  }

  /** Attributes of an operator that slides these windows over values of this size. */
  Map<String, Attribute> attributes(List<Long> spatial) {
    Map<String, Attribute> attributes = new HashMap<>();
    attributes.put("kernel_shape", longs(size));
    attributes.put("strides", longs(strides));
    if (dilation.stream().anyMatch(d -> d > 1)) {
      attributes.put("dilations", longs(dilation));
    }
    if (padding.equals("same") && spatial.contains(ValueInfo.UNKNOWN)) {
      attributes.put("auto_pad", new Attribute.Text("SAME_UPPER"));
    } else if (!padding.equals("valid")) {
      attributes.put("pads", Nodes.ints(pads(spatial)));
    }
    return attributes;
  }

  private List<Long> pads(List<Long> spatial) {
    List<Long> before = new ArrayList<>();
    List<Long> after = new ArrayList<>();
    for (int axis = 0; axis < spatial.size(); axis++) {
      long reach = extent(axis);
      if (padding.equals("causal")) {
        before.add(reach - 1);
        after.add(0L);
      } else {
        long windows = ceilDivide(spatial.get(axis), strides.get(axis));
        long total = (windows - 1) * strides.get(axis) + reach - spatial.get(axis);
        before.add(Math.max(total, 0) / 2);
        after.add(Math.max(total, 0) - Math.max(total, 0) / 2);
      }
    }
    before.addAll(after);
    return before;
  }

  /**
   * Number of windows along each axis.
   *
   * @throws dev.espalier.contract.Refusal {@code model-malformed} when a window does not fit
   */
  List<Long> count(LayerCall call, List<Long> spatial) {
    List<Long> count = new ArrayList<>();
    for (int axis = 0; axis < spatial.size(); axis++) {
      long input = spatial.get(axis);
      if (input == ValueInfo.UNKNOWN) {
        count.add(ValueInfo.UNKNOWN);
        continue;
      }
      long room = padding.equals("valid") ? input - extent(axis) + 1 : input;
      if (room < 1) {
        throw call.config()
            .malformed(
                "its window covers %d elements along an axis of %d".formatted(extent(axis), input));
      }
      count.add(ceilDivide(room, strides.get(axis)));
    }
    return count;
  }

  private static long ceilDivide(long a, long b) {
    return (a + b - 1) / b;
  }
}
