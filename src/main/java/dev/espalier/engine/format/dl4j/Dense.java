package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fully connected layer, hidden or output, on vectors of samples or time steps. Its parameters
 * are the kernel [in, out] in column-major order, which is [out, in] in row-major order, then the
 * bias [out].
 */
record Dense(Site site, int in, int out, boolean hasBias, Activation activation) implements Layer {

  static Dense of(Site site) {
    Fields layer = site.fields();
    if (!layer.isUnset("hasLayerNorm")) {
      throw layer.unsupported("layer normalisation inside a layer is not supported");
    }
    return new Dense(
        site,
        layer.integer("nin", 1),
        layer.integer("nout", 1),
        layer.flag("hasBias", true),
        Activation.of(layer));
  }

  @Override
  public Optional<Flow> input() {
    return Optional.of(Flow.Flat.of(in));
  }

  @Override
  public Value appendTo(Assembly graph, Value value) {
    site.requireVector(value, Width.of(in));
    String kernel = graph.parameter(site, "W", Role.KERNEL, Arrangement.ROW_MAJOR, out, in);
    String bias = hasBias ? graph.parameter(site, "b", Role.BIAS, Arrangement.ROW_MAJOR, out) : "";
    Width width = graph.width(kernel, 0);
    graph.says(site.fields(), "nin", graph.width(kernel, 1));
    graph.says(site.fields(), "nout", width);
    Value product =
        value.flow() instanceof Flow.Flat
            ? gemm(graph, value, kernel, bias)
            : matMul(graph, value, kernel, bias);
    return activation.appendTo(graph, site.name(), product.with(width));
  }

  private Value gemm(Assembly graph, Value value, String kernel, String bias) {
    Map<String, Attribute> transposed = Map.of("transB", new Attribute.Int(1));
    return bias.isEmpty()
        ? graph.append(site.name(), "Gemm", value, transposed, kernel)
        : graph.append(site.name(), "Gemm", value, transposed, kernel, bias);
  }

  private Value matMul(Assembly graph, Value value, String kernel, String bias) {
    Attribute swapped = new Attribute.Ints(List.of(1L, 0L));
    String right =
        graph.node(site.name(), "Transpose", List.of(kernel), Map.of("perm", swapped), 1).get(0);
    Value product = graph.append(site.name(), "MatMul", value, right);
    return bias.isEmpty() ? product : graph.append(site.name(), "Add", product, bias);
  }
}
