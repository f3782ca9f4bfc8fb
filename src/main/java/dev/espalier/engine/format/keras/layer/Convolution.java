package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.List;

/**
 * {@code Conv1D}, {@code Conv2D}, {@code Conv3D}: cross-correlation with a kernel [spatial…, in /
 * groups, filters].
 *
 * @param axes spatial ones
 */
record Convolution(int axes) implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    int filters = call.config().integer("filters", 1);
    int groups = call.config().integer("groups", 1, 1);
    Windows windows = Windows.ofConvolution(call, axes);
    Images result = Kernels.convolve(call, Images.of(call, axes), windows, filters, groups);
    return List.of(Activation.apply(call, result.value()));
  }
}
