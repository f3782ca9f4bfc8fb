package dev.espalier.engine.format.keras.layer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The models that {@code make_keras_layer_fixtures.py} wrote, one per layer and option. */
public final class LayerModels {
  static final List<String> FAMILIES =
      List.of(
          "attention",
          "convolutions",
          "core",
          "functions",
          "images",
          "masks",
          "merges",
          "normalization",
          "recurrent");

  private LayerModels() {}

  /** Float elements in row-major order with their shape. */
  public record Values(List<Long> shape, float[] elements) {
    /** As an operand of the given type. */
    public Tensor tensor(DataType type) {
      Tensor tensor = Tensor.zeros(type, shape.stream().mapToLong(Long::longValue).toArray());
      for (int i = 0; i < elements.length; i++) {
        switch (type) {
          case FLOAT -> tensor.floats().put(i, elements[i]);
          case INT32 -> tensor.ints().put(i, (int) elements[i]);
          case INT64 -> tensor.longs().put(i, (long) elements[i]);
          default -> throw new IllegalArgumentException("no such input: " + type);
        }
      }
      return tensor;
    }
  }

  /**
   * One model with what goes in and must come out.
   *
   * @param suffix {@code h5} or {@code keras}
   * @param inputs by name of the input layer
   */
  public record Case(
      String family,
      String name,
      String suffix,
      byte[] model,
      Map<String, Values> inputs,
      Values output) {
    /** Reads the model. */
    public SourceModel open(Path directory) throws IOException {
      Path file = Files.write(directory.resolve("model." + suffix), model);
      return FormatDetector.open(file, null, FormatLimits.defaults());
    }

    /** What goes in, as a graph's inputs want it. */
    public Map<String, Tensor> inputsOf(Graph graph) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (ValueInfo input : graph.inputs()) {
        tensors.put(input.name(), inputs.get(input.name()).tensor(input.type()));
      }
      return tensors;
    }

    @Override
    public String toString() {
      return family + "/" + name + "." + suffix;
    }
  }

  /** All models. */
  public static List<Case> all() throws IOException {
    List<Case> cases = new ArrayList<>();
    for (String family : FAMILIES) {
      for (Map.Entry<String, Map<String, byte[]>> files : unzip(family).entrySet()) {
        cases.add(read(family, files.getKey(), files.getValue()));
      }
    }
    return cases;
  }

  private static Map<String, Map<String, byte[]>> unzip(String family) throws IOException {
    Map<String, Map<String, byte[]>> models = new LinkedHashMap<>();
    String resource = "/fixtures/keras/layers/" + family + ".zip";
    try (InputStream in = LayerModels.class.getResourceAsStream(resource);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        int slash = entry.getName().indexOf('/');
        models
            .computeIfAbsent(entry.getName().substring(0, slash), name -> new LinkedHashMap<>())
            .put(entry.getName().substring(slash + 1), zip.readAllBytes());
      }
    }
    return models;
  }

  private static Case read(String family, String name, Map<String, byte[]> files)
      throws IOException {
    String suffix = files.containsKey("model.h5") ? "h5" : "keras";
    Map<String, Values> inputs = new LinkedHashMap<>();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (file.getKey().startsWith("in/")) {
        String input = file.getKey().replace("in/", "").replace(".npy", "");
        inputs.put(input, floats(file.getValue()));
      }
    }
    byte[] model = files.get("model." + suffix);
    return new Case(family, name, suffix, model, inputs, floats(files.get("out.npy")));
  }

  private static Values floats(byte[] npy) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
    int start = 10 + file.getShort(8);
    String header = new String(npy, 0, start, US_ASCII);
    if (!header.contains("'<f4'") || header.contains("'fortran_order': True")) {
      throw new IOException(header);
    }
    String tuple = header.substring(header.indexOf('(') + 1, header.indexOf(')'));
    List<Long> shape = new ArrayList<>();
    for (String size : tuple.split(",")) {
      if (!size.isBlank()) {
        shape.add(Long.parseLong(size.strip()));
      }
    }
    float[] elements = new float[(npy.length - start) / Float.BYTES];
    file.position(start).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(elements);
    return new Values(shape, elements);
  }
}
