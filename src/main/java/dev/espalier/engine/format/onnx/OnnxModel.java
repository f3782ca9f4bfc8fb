package dev.espalier.engine.format.onnx;

import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An ONNX file that was read. Writing copies the file and overwrites the elements of the changed
 * tensors where they stand, so every other byte, whatever it means, is as it came.
 */
final class OnnxModel implements SourceModel {
  private final Path file;
  private final String producer;
  private final Graph graph;
  private final Map<String, List<ByteRange>> places;

  OnnxModel(Path file, String producer, Graph graph, Map<String, List<ByteRange>> places) {
    this.file = file;
    this.producer = producer;
    this.graph = graph;
    this.places = places;
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
  public void write(Map<String, Tensor> changed, Path target) throws IOException {
    changed.forEach(this::requireSameKind);
    Files.copy(file, target);
    try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
      for (Map.Entry<String, Tensor> entry : changed.entrySet()) {
        overwrite(channel, entry.getKey(), entry.getValue().bytes());
      }
    }
  }

  private void requireSameKind(String name, Tensor tensor) {
    Tensor original = graph.initializers().get(name);
    if (original == null
        || original.type() != tensor.type()
        || !Arrays.equals(original.shape(), tensor.shape())) {
      throw new IllegalArgumentException(
          "cannot replace '" + name + "', " + original + ", by " + tensor);
    }
  }

  private void overwrite(FileChannel channel, String name, ByteBuffer bytes) throws IOException {
    List<ByteRange> ranges = places.getOrDefault(name, List.of());
    if (ranges.stream().mapToLong(ByteRange::length).sum() != bytes.remaining()) {
      throw new IllegalArgumentException("the elements of '" + name + "' cannot be overwritten");
    }
    for (ByteRange range : ranges) {
      ByteBuffer part = bytes.slice(bytes.position(), range.length());
      bytes.position(bytes.position() + range.length());
      for (long at = range.offset(); part.hasRemaining(); ) {
        at += channel.write(part, at);
      }
    }
  }
}
