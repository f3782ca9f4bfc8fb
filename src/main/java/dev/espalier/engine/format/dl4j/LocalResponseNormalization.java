package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import java.util.Map;

/**
 * x / (k + α·Σx²)^β over neighbouring channels; ONNX divides α by the number of neighbours, which
 * Deeplearning4j does not.
 */
record LocalResponseNormalization(Site site, int neighbours, double alpha, double beta, double k)
    implements Layer {

  static LocalResponseNormalization of(Site site) {
    Fields layer = site.fields();
    double n = layer.number("n", 5);
    if (n < 1 || n != Math.rint(n) || n % 2 == 0) {
      throw layer.unsupported("normalisation over " + n + " channels is not supported");
    }
    return new LocalResponseNormalization(
        site,
        (int) n,
        layer.number("alpha", 1e-4),
        layer.number("beta", 0.75),
        layer.number("k", 2));
  }

  @Override
  public Value appendTo(Assembly graph, Value value) {
    site.requireImage(value, site.channelsLast("dataFormat"), Width.unknown());
    return graph.append(
        site.name(),
        "LRN",
        value,
        Map.of(
            "size", new Attribute.Int(neighbours),
            "alpha", new Attribute.Real((float) (alpha * neighbours)),
            "beta", new Attribute.Real((float) beta),
            "bias", new Attribute.Real((float) k)));
  }
}
