package dev.espalier.engine.format.keras;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.PlainWeights;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.hdf5.Hdf5Changes;
import dev.espalier.engine.format.hdf5.Hdf5Dataset;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A Keras file that was read. Where shapes stay and the changed weights lie in one piece, writing
 * copies the file and overwrites those pieces, so that every other byte, the optimizer's state
 * included, is as it came. Otherwise the HDF5 file is written anew with everything in it; when
 * shapes change, so does the configuration, and the optimizer's state, which would no longer fit,
 * is left out.
 */
final class KerasModel implements SourceModel {
  private final Source source;
  private final String producer;
  private final Graph graph;
  private final Map<String, WeightBinding> bindings;

  /** The file and how it was opened. */
  record Source(Path file, ModelFormat format, FormatLimits limits) {}

  KerasModel(Source source, String producer, Graph graph, List<WeightBinding> bindings) {
    this.source = source;
    this.producer = producer;
    this.graph = graph;
    this.bindings =
        bindings.stream().collect(Collectors.toMap(b -> b.request().tensor(), binding -> binding));
  }

  @Override
  public ModelFormat format() {
    return source.format();
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
  public DataType storedType(String tensor) {
    WeightBinding binding = bindings.get(tensor);
    if (binding == null) {
      throw new IllegalArgumentException("'" + tensor + "' is no weight of the file");
    }
    return binding.dataset().number().orElseThrow();
  }

  @Override
  public List<PlainWeights> plainWeights() throws IOException {
    List<PlainWeights> plain = new ArrayList<>();
    try (Container container = Container.open(source.file(), source.format(), source.limits())) {
      OptionalLong base = container.weightsAt();
      for (WeightBinding binding : bindings.values()) {
        Hdf5Dataset dataset = dataset(container, binding);
        OptionalLong position = dataset.position();
        Optional<DataType> type = dataset.number();
        if (base.isPresent() && position.isPresent() && type.isPresent()) {
          plain.add(
              new PlainWeights(
                  binding.source(),
                  base.getAsLong() + position.getAsLong(),
                  type.get(),
                  dataset.dimensions(),
                  dataset.order()));
        }
      }
    }
    return plain;
  }

  @Override
  public boolean stores(String initializer) {
    return bindings.containsKey(initializer);
  }

  @Override
  public void write(Map<String, Tensor> changed, Path target) throws IOException {
    try (Container container = Container.open(source.file(), source.format(), source.limits())) {
      Map<String, Tensor> weights = new TreeMap<>();
      boolean resized = false;
      for (Map.Entry<String, Tensor> entry : changed.entrySet()) {
        WeightBinding binding = binding(entry.getKey(), entry.getValue());
        Tensor weight = binding.stored(entry.getValue(), dataset(container, binding));
        resized |= !binding.hasShape(weight);
        weights.put(binding.path(), weight);
      }
      Optional<JsonNode> config =
          resized
              ? Optional.of(new Resizing(container, source.limits()).apply(weights))
              : Optional.empty();
      Optional<Map<Long, ByteBuffer>> pieces =
          resized ? Optional.empty() : pieces(container, weights);
      if (pieces.isPresent()) {
        container.patch(pieces.get(), target);
      } else {
        container.rewrite(new Hdf5Changes(weights, Map.of(), Set.of()), config, target);
      }
    }
  }

  private WeightBinding binding(String name, Tensor tensor) {
    WeightBinding binding = bindings.get(name);
    Tensor original = graph.initializers().get(name);
    if (binding == null || original == null || original.type() != tensor.type()) {
      throw new IllegalArgumentException(
          "cannot replace '" + name + "', " + original + ", by " + tensor);
    }
    return binding;
  }

  private static Hdf5Dataset dataset(Container container, WeightBinding binding) {
    return container.root().dataset(binding.path()).orElseThrow();
  }

  /** The changed weights by position, empty when not all of them lie in one piece each. */
  private static Optional<Map<Long, ByteBuffer>> pieces(
      Container container, Map<String, Tensor> weights) {
    Map<Long, ByteBuffer> pieces = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> weight : weights.entrySet()) {
      Hdf5Dataset dataset = container.root().dataset(weight.getKey()).orElseThrow();
      OptionalLong position = dataset.position();
      if (position.isEmpty()) {
        return Optional.empty();
      }
      pieces.put(position.getAsLong(), dataset.encode(weight.getValue()));
    }
    return Optional.of(pieces);
  }
}
