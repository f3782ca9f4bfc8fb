package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.Arrangement;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Convolutions of images with kernels taken from the file. */
final class Kernels {
  private Kernels() {}

  /** Kernel [spatial…, a, b] as [b, a, spatial…]. */
  static Arrangement lastTwoFirst(int axes) {
    return Arrangement.permuted(
        IntStream.concat(IntStream.of(axes + 1, axes), IntStream.range(0, axes)).toArray());
  }

  /** The kernel's shape in the file: its window, then {@code further}. */
  static long[] shape(List<Integer> window, long... further) {
    return LongStream.concat(window.stream().mapToLong(Integer::longValue), LongStream.of(further))
        .toArray();
  }

  /**
   * An ordinary or grouped convolution; the kernel is [spatial…, in / groups, filters] in the file.
   */
  static Images convolve(LayerCall call, Images input, Windows windows, int filters, int groups) {
    if (input.channels() % groups != 0 || filters % groups != 0) {
      throw call.config()
          .malformed(
              "%d channels and %d filters do not split into %d groups"
                  .formatted(input.channels(), filters, groups));
    }
    int axes = windows.size().size();
    String kernel =
        call.weights()
            .take(
                "kernel",
                Role.KERNEL,
                lastTwoFirst(axes),
                shape(windows.size(), input.channels() / groups, filters));
    return append(call, input, windows, kernel, bias(call, filters), groups, filters);
  }

  /** Each channel with its own filters; the kernel is [spatial…, in, multiplier] in the file. */
  static Images depthwise(
      LayerCall call, Images input, Windows windows, int multiplier, boolean biased) {
    int axes = windows.size().size();
    long filters = Math.multiplyExact(input.channels(), multiplier);
    int[] inFirst =
        IntStream.concat(IntStream.of(axes, axes + 1), IntStream.range(0, axes)).toArray();
    String kernel =
        call.weights()
            .take(
                "depthwise_kernel",
                Role.KERNEL,
                Arrangement.permuted(inFirst).mergingLeading(),
                shape(windows.size(), input.channels(), multiplier));
    String bias = biased ? bias(call, filters) : "";
    return append(call, input, windows, kernel, bias, input.channels(), filters);
  }

  /** Takes the bias, or names none when the layer has none. */
  static String bias(LayerCall call, long filters) {
    return call.config().flag("use_bias", true)
        ? call.weights().take("bias", Role.BIAS, Arrangement.asKeras(), filters)
        : "";
  }

  /** Convolves with a kernel that was taken before. */
  static Images append(
      LayerCall call,
      Images input,
      Windows windows,
      String kernel,
      String bias,
      long groups,
      long filters) {
    Map<String, Attribute> attributes = new HashMap<>(windows.attributes(input.spatial()));
    if (groups > 1) {
      attributes.put("group", new Attribute.Int(groups));
    }
    String[] values = {input.name(), kernel, bias};
    String result =
        call.append(
            "Conv",
            attributes,
            bias.isEmpty() ? List.of(values).subList(0, 2).toArray(String[]::new) : values);
    return input.with(result, filters, windows.count(call, input.spatial()));
  }
}
