package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.List;

/**
 * {@code DepthwiseConv1D} and {@code DepthwiseConv2D}: each channel with {@code depth_multiplier}
 * filters of its own.
 *
 * @param axes spatial ones
 */
record DepthwiseConvolution(int axes) implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    int multiplier = call.config().integer("depth_multiplier", 1, 1);
    Windows windows = Windows.ofConvolution(call, axes);
    Images result = Kernels.depthwise(call, Images.of(call, axes), windows, multiplier, true);
    return List.of(Activation.apply(call, result.value()));
  }
}
