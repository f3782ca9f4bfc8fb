package dev.espalier.engine.graph;

import org.jspecify.annotations.Nullable;

/**
 * A trained tensor of the model.
 *
 * @param tensor name of the initializer in the graph
 * @param source its name in the source file, as reports show it
 * @param layer name of the layer it belongs to, which policies' expressions match
 * @param role what it is to its layer
 * @param quantization how its integers stand for real numbers; null when it holds real numbers
 * @param frozen whether the file says that training leaves it as it is
 */
public record Parameter(
    String tensor,
    String source,
    String layer,
    Role role,
    @Nullable Quantization quantization,
    boolean frozen) {

  /** A parameter that holds real numbers. */
  public Parameter(String tensor, String source, String layer, Role role) {
    this(tensor, source, layer, role, null, false);
  }

  /** A parameter that is trained. */
  public Parameter(
      String tensor, String source, String layer, Role role, @Nullable Quantization quantization) {
    this(tensor, source, layer, role, quantization, false);
  }

  /** What a parameter is to its layer; only kernels are pruned as weights. */
  public enum Role {
    /** Weights of a convolution or matrix product. */
    KERNEL,
    /** An additive constant. */
    BIAS,
    /** Scale, shift or running statistics of a normalisation. */
    NORMALIZATION,
    /** Measured on data before training, such as the mean of a feature; never trained. */
    STATISTIC,
    /** Rows looked up by index. */
    EMBEDDING,
    /** Anything else. */
    OTHER
  }

  /** Whether single weights of it may be removed. */
  public boolean prunable() {
    return role == Role.KERNEL;
  }
}
