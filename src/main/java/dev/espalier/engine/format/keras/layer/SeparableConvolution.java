package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.Collections;
import java.util.List;

/**
 * {@code SeparableConv1D} and {@code SeparableConv2D}: a depthwise convolution, then one that mixes
 * the channels of each place.
 *
 * @param axes spatial ones
 */
record SeparableConvolution(int axes) implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    int filters = call.config().integer("filters", 1);
    int multiplier = call.config().integer("depth_multiplier", 1, 1);
    Windows windows = Windows.ofConvolution(call, axes);
    Images each = Kernels.depthwise(call, Images.of(call, axes), windows, multiplier, false);
    List<Integer> ones = Collections.nCopies(axes, 1);
    Windows points = new Windows("valid", ones, ones, ones);
    String kernel =
        call.weights()
            .take(
                "pointwise_kernel",
                Role.KERNEL,
                Kernels.lastTwoFirst(axes),
                Kernels.shape(ones, each.channels(), filters));
    String bias = Kernels.bias(call, filters);
    Images mixed = Kernels.append(call, each, points, kernel, bias, 1, filters);
    return List.of(Activation.apply(call, mixed.value()));
  }
}
