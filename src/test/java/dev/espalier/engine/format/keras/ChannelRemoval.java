package dev.espalier.engine.format.keras;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Removes one channel of the image models among the fixtures, along a consistent slice. */
final class ChannelRemoval {
  /** The tensors that a channel of the first convolution passes through, each with its axis. */
  static final List<String> CHANNELS =
      List.of(
          "conv2d/kernel@0",
          "conv2d/bias@0",
          "batch_normalization/gamma@0",
          "batch_normalization/beta@0",
          "batch_normalization/moving_mean@0",
          "batch_normalization/moving_variance@0",
          "conv2d_1/kernel@1");

  private ChannelRemoval() {}

  /** What makes the channel give nothing: scale and shift of its normalisation are zero. */
  static Map<String, Tensor> silenced(Graph graph) {
    return silenced(graph, "batch_normalization/gamma", "batch_normalization/beta");
  }

  /** Vectors with channel 1 set to zero. */
  static Map<String, Tensor> silenced(Graph graph, String... vectors) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    for (String name : vectors) {
      Tensor zeroed = graph.initializers().get(name).copy();
      zeroed.floats().put(1, 0);
      changed.put(name, zeroed);
    }
    return changed;
  }

  /** The tensors without channel 1. */
  static Map<String, Tensor> removed(Graph graph) {
    return removed(graph, CHANNELS);
  }

  /** Tensors without index 1 along an axis; each is given as {@code name@axis}. */
  static Map<String, Tensor> removed(Graph graph, List<String> axes) {
    Map<String, Tensor> sliced = new LinkedHashMap<>();
    for (String entry : axes) {
      int at = entry.indexOf('@');
      String name = entry.substring(0, at);
      int axis = Integer.parseInt(entry.substring(at + 1));
      sliced.put(name, removed(graph.initializers().get(name), axis));
    }
    return sliced;
  }

  private static Tensor removed(Tensor tensor, int axis) {
    long[] shape = tensor.shape();
    long inner = Tensor.elements(Arrays.copyOfRange(shape, axis + 1, shape.length));
    long size = shape[axis]--;
    Tensor kept = Tensor.zeros(tensor.type(), shape);
    FloatBuffer out = kept.floats();
    float[] all = tensor.toFloats();
    for (int i = 0; i < all.length; i++) {
      if (i / inner % size != 1) {
        out.put(all[i]);
      }
    }
    return kept;
  }

  /** Whether removing the channel changes a tensor. */
  static boolean touches(String tensor) {
    return CHANNELS.stream().anyMatch(entry -> entry.startsWith(tensor + "@"));
  }
}
