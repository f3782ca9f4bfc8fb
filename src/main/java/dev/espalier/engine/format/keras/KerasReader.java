package dev.espalier.engine.format.keras;

import static dev.espalier.contract.ReasonCode.FORMAT_UNSUPPORTED_VERSION;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ModelFormat;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.keras.lowering.GraphBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads Keras files without any of Keras or Python: nothing in them is ever instantiated. */
public final class KerasReader {
  private KerasReader() {}

  /**
   * Reads a file that holds a whole model: {@code .h5} of Keras 2 and 3, or {@code .keras}. It must
   * stay as it is while the result is in use: writing copies it.
   *
   * @param format {@code KERAS_H5} or {@code KERAS_V3}
   * @throws IOException when the file cannot be read
   * @throws Refusal when the file or the model is malformed, hostile, incomplete or not supported
   */
  public static SourceModel read(Path file, ModelFormat format, FormatLimits limits)
      throws IOException {
    try (Container container = Container.open(file, format, limits)) {
      Lowered lowered = Lowered.of(container.config(), container, limits);
      List<WeightBinding> bindings = container.places().bind(lowered.requests());
      GraphBuilder graph = lowered.graph();
      for (WeightBinding binding : bindings) {
        graph.parameter(binding.parameter(), binding.tensor());
      }
      String producer = "Keras " + container.version();
      return new KerasModel(
          new KerasModel.Source(file, format, limits), producer.strip(), graph.build(), bindings);
    }
  }

  /**
   * A configuration turned into a graph, all but its weights.
   *
   * @param shapes of what flows into and out of every layer
   */
  record Lowered(
      ModelSpec spec, GraphBuilder graph, List<WeightRequest> requests, CallShapes shapes) {

    static Lowered of(JsonNode config, Container container, FormatLimits limits) {
      ModelSpec spec = ModelSpecReader.read(config, limits);
      GraphBuilder graph = new GraphBuilder();
      WeightPlaces places = container.places();
      WeightRequests requests = new WeightRequests(graph, places);
      CallShapes shapes = new CallShapes();
      new ModelLowering(graph, places, requests, shapes, major(container.version()), limits)
          .lower(spec);
      return new Lowered(spec, graph, requests.all(), shapes);
    }
  }

  /** Versions are like {@code 2.4.0} and {@code 2.2.4-tf}; files without one count as Keras 2. */
  private static int major(String version) {
    int major = version.isEmpty() ? 2 : version.charAt(0) - '0';
    if (major < 2 || major > 3) {
      throw new Refusal(
          FORMAT_UNSUPPORTED_VERSION,
          "the model was saved by Keras '%s', read are Keras 2 and 3".formatted(version));
    }
    return major;
  }
}
