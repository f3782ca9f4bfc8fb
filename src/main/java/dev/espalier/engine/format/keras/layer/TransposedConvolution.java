package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code Conv1DTranspose}, {@code Conv2DTranspose}, {@code Conv3DTranspose}: the gradient of a
 * convolution, with a kernel [spatial…, filters, in].
 *
 * @param axes spatial ones
 */
record TransposedConvolution(int axes) implements Lowering {
  /**
   * What one axis becomes. TensorFlow takes the result for the input of a convolution and pads it
   * as that convolution would, so the odd element is cut at the end.
   *
   * @param before elements cut at the front
   * @param after elements cut at the end
   * @param extra elements without any input, added at the end
   * @param growth elements of the result beyond (input − 1) · stride
   */
  private record Span(long before, long after, long extra, long growth) {
    static Span of(LayerCall call, Windows windows, int axis, long extraGiven) {
      long reach = windows.extent(axis);
      long stride = windows.strides().get(axis);
      boolean given = extraGiven >= 0;
      long growth;
      if (windows.padding().equals("valid")) {
        growth = given ? reach + extraGiven : Math.max(reach, stride);
      } else {
        growth = given ? reach % 2 + extraGiven : stride;
      }
      if (given && (extraGiven >= stride || growth < 1)) {
        throw call.config()
            .malformed(
                "output_padding %d does not go with stride %d and a kernel over %d elements"
                    .formatted(extraGiven, stride, reach));
      }
      long cut = Math.max(reach - growth, 0);
      return new Span(cut / 2, cut - cut / 2, Math.max(growth - reach, 0), growth);
    }
  }

  @Override
  public List<Value> lower(LayerCall call) {
    int filters = call.config().integer("filters", 1);
    Windows windows = Windows.ofConvolution(call, axes);
    if (windows.padding().equals("causal")) {
      throw call.config().malformed("padding 'causal' does not go with a transposed convolution");
    }
    Images input = Images.of(call, axes);
    String kernel =
        call.weights()
            .take(
                "kernel",
                Role.KERNEL,
                Kernels.lastTwoFirst(axes),
                Kernels.shape(windows.size(), filters, input.channels()));
    String bias = Kernels.bias(call, filters);
    List<Span> spans = spans(call, windows);
    List<Long> sizes = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      long size = input.spatial().get(axis);
      long strides = windows.strides().get(axis);
      sizes.add(size == ValueInfo.UNKNOWN ? size : (size - 1) * strides + spans.get(axis).growth());
    }
    String[] values =
        bias.isEmpty()
            ? new String[] {input.name(), kernel}
            : new String[] {input.name(), kernel, bias};
    String result = call.append("ConvTranspose", attributes(windows, spans), values);
    return List.of(Activation.apply(call, input.with(result, filters, sizes).value()));
  }

  private List<Span> spans(LayerCall call, Windows windows) {
    List<Integer> extra = call.config().perAxis("output_padding", axes, 0, -1);
    List<Span> spans = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      spans.add(Span.of(call, windows, axis, extra.get(axis)));
    }
    return spans;
  }

  private static Map<String, Attribute> attributes(Windows windows, List<Span> spans) {
    List<Long> pads = new ArrayList<>(spans.stream().map(Span::before).toList());
    pads.addAll(spans.stream().map(Span::after).toList());
    Map<String, Attribute> attributes = new HashMap<>();
    attributes.put("kernel_shape", Windows.longs(windows.size()));
    attributes.put("strides", Windows.longs(windows.strides()));
    attributes.put("dilations", Windows.longs(windows.dilation()));
    attributes.put("pads", Nodes.ints(pads));
    attributes.put("output_padding", Nodes.ints(spans.stream().map(Span::extra).toList()));
    return attributes;
  }
}
