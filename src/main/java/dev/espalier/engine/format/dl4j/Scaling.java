package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Parameter.Role;
import java.util.Optional;

/** A trained factor and summand per feature; the factors are no connections, so none is pruned. */
record Scaling(Site site, int size, Activation activation) implements Layer {

  static Scaling of(Site site) {
    int size = site.fields().integer("nin", 1);
    if (site.fields().integer("nout", 1) != size) {
      throw site.fields().malformed("it has as many outputs as inputs, " + size);
    }
    return new Scaling(site, size, Activation.of(site.fields()));
  }

  @Override
  public Optional<Flow> input() {
    return Optional.of(Flow.Flat.of(size));
  }

  @Override
  public Value appendTo(Assembly graph, Value value) {
    site.requireVector(value, Width.of(size));
    String factor = graph.parameter(site, "W", Role.OTHER, Arrangement.ROW_MAJOR, size);
    String summand = graph.parameter(site, "b", Role.BIAS, Arrangement.ROW_MAJOR, size);
    Width width = graph.width(factor, 0);
    graph.says(site.fields(), "nin", width);
    graph.says(site.fields(), "nout", width);
    Value scaled = graph.append(site.name(), "Mul", value, factor);
    Value shifted = graph.append(site.name(), "Add", scaled, summand);
    return activation.appendTo(graph, site.name(), shifted.with(width));
  }
}
