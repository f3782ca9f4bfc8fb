package dev.espalier.engine.format.onnx;

import ai.onnxruntime.platform.Fp16Conversions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.NpyFixture;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network that {@code src/test/python/make_onnx_fixtures.py} exported.
 *
 * @param name its name
 * @param kernels number of weights in convolutions, matrix products and recurrent layers
 * @param tolerance largest difference to allow from PyTorch's outputs
 */
record ExportedModel(String name, long kernels, float tolerance) {
  private static final String DIRECTORY = "/fixtures/onnx/";
  private static final int BATCH = 4;

  static List<ExportedModel> all() throws IOException {
    List<ExportedModel> models = new ArrayList<>();
    try (InputStream in = ExportedModel.class.getResourceAsStream(DIRECTORY + "index.json")) {
      JsonNode index = new ObjectMapper().readTree(in);
      index
          .properties()
          .forEach(
              entry ->
                  models.add(
                      new ExportedModel(
                          entry.getKey(),
                          entry.getValue().get("kernels").asLong(),
                          (float) entry.getValue().get("tolerance").asDouble())));
    }
    return models;
  }

  static ExportedModel named(String name) throws IOException {
    return all().stream().filter(model -> model.name().equals(name)).findFirst().orElseThrow();
  }

  Path file() throws URISyntaxException {
    return Path.of(ExportedModel.class.getResource(DIRECTORY + name + ".onnx").toURI());
  }

  SourceModel open() throws IOException, URISyntaxException {
    return FormatDetector.open(file(), null, FormatLimits.defaults());
  }

  /** What PyTorch was given. */
  Map<String, Tensor> inputs() throws IOException, URISyntaxException {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (ValueInfo input : open().graph().inputs()) {
      float[] values = NpyFixture.floats(DIRECTORY + name + "." + input.name() + ".npy");
      long[] shape = input.dimensions().stream().mapToLong(Long::longValue).toArray();
      shape[0] = BATCH;
      inputs.put(input.name(), filled(input.type(), values, shape));
    }
    return inputs;
  }

  private static Tensor filled(DataType type, float[] values, long... shape) {
    Tensor tensor = Tensor.zeros(type, shape);
    for (int i = 0; i < values.length; i++) {
      int at = i * type.bytes();
      switch (type) {
        case FLOAT -> tensor.bytes().putFloat(at, values[i]);
        case DOUBLE -> tensor.bytes().putDouble(at, values[i]);
        case INT64 -> tensor.bytes().putLong(at, (long) values[i]);
        case FLOAT16 ->
            tensor
                .bytes()
                .putShort(
                    at,
                    Fp16Conversions.convertFloatBufferToFp16Buffer(
                            FloatBuffer.wrap(new float[] {values[i]}))
                        .get(0));
        default -> throw new IllegalArgumentException("no fixture feeds " + type);
      }
    }
    return tensor;
  }

  /** What PyTorch's first output was. */
  float[] expected() throws IOException {
    return NpyFixture.floats(DIRECTORY + name + ".output.npy");
  }

  @Override
  public String toString() {
    return name;
  }
}
