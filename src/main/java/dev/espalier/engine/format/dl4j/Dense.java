package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fully connected layer, hidden or output. Its parameters are the kernel [in, out] in
 * column-major order, which is [out, in] in row-major order, then the bias [out].
 */
record Dense(int index, String name, int in, int out, boolean hasBias, Activation activation)
    implements Layer {

  static Dense of(int index, String name, Fields layer) {
    if (!layer.isUnset("hasLayerNorm")) {
      throw layer.unsupported("layer normalisation is not supported yet");
    }
    return new Dense(
        index,
        name,
        layer.integer("nin", 1),
        layer.integer("nout", 1),
        layer.flag("hasBias"),
        Activation.of(layer));
  }

  @Override
  public Optional<Flow> input() {
    return Optional.of(new Flow.Flat(in));
  }

  @Override
  public void appendTo(GraphAssembler graph) {
    graph.requireInput(name, new Flow.Flat(in));
    List<String> inputs = new ArrayList<>();
    inputs.add(graph.parameter(index + "_W", name, Role.KERNEL, out, in));
    if (hasBias) {
      inputs.add(graph.parameter(index + "_b", name, Role.BIAS, out));
    }
    graph.append(name, "Gemm", Map.of("transB", new Attribute.Int(1)), inputs);
    graph.flows(new Flow.Flat(out));
    activation.appendTo(graph, name);
  }
}
