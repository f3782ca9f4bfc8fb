package dev.espalier.engine.format.keras;

import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Keras file that was read. */
final class KerasModel implements SourceModel {
  private final ModelFormat format;
  private final String producer;
  private final Graph graph;
  private final List<WeightBinding> bindings;

  KerasModel(ModelFormat format, String producer, Graph graph, List<WeightBinding> bindings) {
    this.format = format;
    this.producer = producer;
    this.graph = graph;
    this.bindings = List.copyOf(bindings);
  }

  @Override
  public ModelFormat format() {
    return format;
  }

  @Override
  public Optional<String> producer() {
    return Optional.of(producer);
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public void write(Map<String, Tensor> changed, Path target) throws IOException {
    throw new UnsupportedOperationException("writing " + bindings.size() + " weights");
  }
}
