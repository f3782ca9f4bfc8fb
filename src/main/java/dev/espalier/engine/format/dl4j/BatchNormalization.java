package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * Batch normalisation; it has no activation. Its parameters are scale and shift unless they are
 * locked to constants, then mean and variance, or since 1.0.0-beta4 the decimal logarithm of the
 * standard deviation.
 *
 * @param locked whether scale and shift are the constants {@code gamma} and {@code beta}
 */
record BatchNormalization(
    Site site,
    int size,
    boolean locked,
    double gamma,
    double beta,
    double epsilon,
    boolean logarithm)
    implements Layer {

  static BatchNormalization of(Site site) {
    Fields layer = site.fields();
    boolean locked = layer.flag("lockGammaBeta", false);
    double gamma = layer.number("gamma", 1);
    double beta = layer.number("beta", 0);
    if (locked && (gamma != 1) != (beta != 0)) {
      throw layer.unsupported(
          "Deeplearning4j's own implementations disagree on locked gamma %s and beta %s"
              .formatted(gamma, beta));
    }
    return new BatchNormalization(
        site,
        layer.integer("nout", 1),
        locked,
        gamma,
        beta,
        layer.number("eps", 1e-5),
        layer.flag("useLogStd", false));
  }

  @Override
  public Value appendTo(Assembly graph, Value value) {
    Width width = Width.of(size);
    boolean isSteps = value.flow() instanceof Flow.Steps;
    if (value.flow() instanceof Flow.Image) {
      site.requireImage(value, site.channelsLast("cnn2DFormat"), width);
    } else if (value.flow() instanceof Flow.Sequence) {
      throw site.fields()
          .unsupported("Deeplearning4j does not normalise sequences: put it behind the time steps");
    } else {
      site.requireVector(value, width);
    }
    String scale = locked ? constant(graph, "gamma", gamma) : parameter(graph, "gamma");
    String shift = locked ? constant(graph, "beta", beta) : parameter(graph, "beta");
    String mean = parameter(graph, "mean");
    String variance =
        logarithm
            ? graph.parameter(
                site, "log10stdev", Role.NORMALIZATION, Arrangement.LOG10_DEVIATION, size)
            : parameter(graph, "var");
    Width channels = graph.width(mean, 0);
    graph.says(site.fields(), "nin", channels);
    graph.says(site.fields(), "nout", channels);
    String layer = site.name();
    Value in = isSteps ? Layouts.transposed(graph, layer, value, 0, 2, 1) : value;
    Value out =
        graph.append(
            layer,
            "BatchNormalization",
            in,
            Map.of("epsilon", new Attribute.Real((float) epsilon)),
            scale,
            shift,
            mean,
            variance);
    Value normalised = isSteps ? Layouts.transposed(graph, layer, out, 0, 2, 1) : out;
    return normalised.with(channels);
  }

  private String parameter(Assembly graph, String name) {
    return graph.parameter(site, name, Role.NORMALIZATION, Arrangement.ROW_MAJOR, size);
  }

  private String constant(Assembly graph, String name, double number) {
    Tensor tensor = Tensor.zeros(DataType.FLOAT, size);
    FloatBuffer values = tensor.floats();
    while (values.hasRemaining()) {
      values.put((float) number);
    }
    return graph.constant(site.name() + "/" + name, tensor);
  }
}
