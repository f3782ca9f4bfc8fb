package dev.espalier.engine.format.onnx;

import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.format.PlainWeights;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Dequantization;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An ONNX file that was read. Writing copies the file around the changed tensors, so every other
 * byte, whatever it means, is as it came.
 */
public final class OnnxModel implements SourceModel {
  private final Path file;
  private final String producer;
  private final long irVersion;
  private final Graph graph;

  OnnxModel(Path file, String producer, long irVersion, Graph graph) {
    this.file = file;
    this.producer = producer;
    this.irVersion = irVersion;
    this.graph = graph;
  }

  @Override
  public ModelFormat format() {
    return ModelFormat.ONNX;
  }

  @Override
  public Optional<String> producer() {
    return producer.isEmpty() ? Optional.empty() : Optional.of(producer);
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public DataType storedType(String tensor) {
    return Objects.requireNonNull(graph.initializers().get(tensor), tensor).type();
  }

  @Override
  public List<PlainWeights> plainWeights() throws IOException {
    try (FileChannel source = FileChannel.open(file)) {
      return PlainTensors.of(source.map(MapMode.READ_ONLY, 0, source.size()));
    }
  }

  @Override
  public boolean stores(String initializer) {
    return graph.initializers().containsKey(initializer);
  }

  @Override
  public void write(Map<String, Tensor> changed, Path target) throws IOException {
    write(changed, Map.of(), target);
  }

  @Override
  public void write(Map<String, Tensor> changed, Map<String, Dequantization> integers, Path target)
      throws IOException {
    changed.forEach(this::requireSameType);
    ShapeChanges shapes = new ShapeChanges(graph, changed);
    try (FileChannel source = FileChannel.open(file)) {
      ByteBuffer bytes = source.map(MapMode.READ_ONLY, 0, source.size());
      IntegerFields fields = new IntegerFields(graph, integers, irVersion);
      Pieces model = new OnnxRewriter(bytes, changed, shapes, fields).model();
      try (FileChannel out =
          FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        model.writeTo(out, source);
      }
    }
  }

  private void requireSameType(String name, Tensor tensor) {
    Tensor original = graph.initializers().get(name);
    if (original == null || original.type() != tensor.type() || original.rank() != tensor.rank()) {
      throw new IllegalArgumentException(
          "cannot replace '" + name + "', " + original + ", by " + tensor);
    }
  }
}
