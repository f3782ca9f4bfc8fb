package dev.espalier.fuzz;

import dev.espalier.contract.ModelFormat;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.NonZero;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.train.Trainability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What a model goes through before any of it is run, and what must hold when it is accepted. */
final class ModelReading {
  private static final Path FILE = Path.of("model");
  private static final Path WRITTEN = Path.of("written");

  private ModelReading() {}

  /** Refuses the file, or reads it, writes it without its kernels, and reads that. */
  static void of(byte[] file, ModelFormat declared) throws IOException {
    Files.write(FILE, file);
    SourceModel model;
    try {
      model = FormatDetector.open(FILE, declared, FormatLimits.defaults());
    } catch (Refusal refused) {
      return;
    }
    Graph graph = model.graph();
    OnnxSerializer.serialize(graph);
    Trainability.obstacles(graph);
    NonZero.count(graph);
    mustReadBack(model, declared);
  }

  private static void mustReadBack(SourceModel model, ModelFormat declared) throws IOException {
    Map<String, Tensor> zeros = new HashMap<>();
    for (Parameter parameter : model.graph().parameters()) {
      Tensor tensor = model.graph().tensor(parameter);
      if (parameter.prunable()) {
        zeros.put(parameter.tensor(), Tensor.zeros(tensor.type(), tensor.shape()));
      }
    }
    Files.deleteIfExists(WRITTEN);
    model.write(zeros, WRITTEN);
    Graph written = FormatDetector.open(WRITTEN, declared, FormatLimits.defaults()).graph();
    if (!written.parameters().equals(model.graph().parameters())) {
      throw new IllegalStateException("other parameters are in the written model");
    }
    zeros.forEach(
        (name, tensor) -> {
          if (!written.initializers().get(name).bytes().equals(tensor.bytes())) {
            throw new IllegalStateException("'" + name + "' was not written");
          }
        });
  }
}
