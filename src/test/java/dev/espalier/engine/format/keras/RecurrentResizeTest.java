package dev.espalier.engine.format.keras;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.keras.KerasFixtures.Values;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recurrent layers that lost a unit: in every gate, in both kernels, and in the configuration. */
class RecurrentResizeTest {
  private static final int UNITS = 4;
  private static final int REMOVED = 1;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "lstm_k2/model.h5,lstm,4",
    "lstm_k3/model.keras,lstm,4",
    "gru_k2/model.h5,gru,3",
    "gru_k3/model.keras,gru,3"
  })
  void shouldComputeTheOtherUnitsAsBeforeWhenOneThatNoneListensToIsRemoved(
      String entry, String layer, int gates) throws IOException, OrtException {
    Path file = Files.write(directory.resolve("model"), fixture(entry));
    SourceModel model = KerasFixtures.open(file);
    Graph graph = model.graph();
    String recurrent = layer + "/cell/recurrent_kernel";
    Tensor deaf = graph.initializers().get(recurrent).copy();
    for (int row = 0; row < gates * UNITS; row++) {
      deaf.floats().put(row * UNITS + REMOVED, 0);
    }
    Graph silenced = graph.with(Map.of(recurrent, deaf));
    Tensor bias = graph.initializers().get(layer + "/cell/bias");
    long rows = bias.rank() == 2 ? bias.dimension(0) : 1;
    Map<String, Tensor> smaller =
        Map.of(
            layer + "/cell/kernel",
            rows(graph.initializers().get(layer + "/cell/kernel"), gates),
            recurrent,
            column(rows(deaf, gates)),
            layer + "/cell/bias",
            rows(bias.reshaped(bias.size(), 1), (int) rows * gates)
                .reshaped(
                    bias.rank() == 2
                        ? new long[] {rows, gates * (UNITS - 1L)}
                        : new long[] {gates * (UNITS - 1L)}));

    model.write(smaller, directory.resolve("smaller"));

    Graph written = KerasFixtures.open(directory.resolve("smaller")).graph();
    Values input = input(graph);
    String name = graph.inputs().get(0).name();
    List<Float> before = KerasFixtures.run(silenced, Map.of(name, input)).get(0).elements();
    List<Float> kept = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      if (i % UNITS != REMOVED) {
        kept.add(before.get(i));
      }
    }
    List<Values> after = KerasFixtures.run(written, Map.of(name, input));
    KerasFilesTest.assertSame(after, List.of(new Values(after.get(0).shape(), kept)));
    assertThat(after.get(0).shape()).endsWith(UNITS - 1L);
  }

  /** Without the removed unit's row in each of the gates' blocks. */
  private static Tensor rows(Tensor tensor, int gates) {
    int width = tensor.size() / (gates * UNITS);
    Tensor kept = Tensor.zeros(tensor.type(), gates * (UNITS - 1L), width);
    FloatBuffer out = kept.floats();
    float[] all = tensor.toFloats();
    for (int i = 0; i < all.length; i++) {
      if (i / width % UNITS != REMOVED) {
        out.put(all[i]);
      }
    }
    return kept;
  }

  private static Tensor column(Tensor tensor) {
    Tensor kept = Tensor.zeros(tensor.type(), tensor.dimension(0), UNITS - 1L);
    FloatBuffer out = kept.floats();
    float[] all = tensor.toFloats();
    for (int i = 0; i < all.length; i++) {
      if (i % UNITS != REMOVED) {
        out.put(all[i]);
      }
    }
    return kept;
  }

  private static Values input(Graph graph) {
    List<Long> shape = new ArrayList<>(graph.inputs().get(0).dimensions());
    shape.set(0, 2L);
    Random random = new Random(5);
    long size = shape.stream().reduce(1L, (a, b) -> a * b);
    List<Float> elements = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      elements.add((float) random.nextGaussian());
    }
    return new Values(shape, elements);
  }

  private static byte[] fixture(String name) throws IOException {
    try (InputStream in =
            RecurrentResizeTest.class.getResourceAsStream("/fixtures/keras/layers/recurrent.zip");
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals(name)) {
          return zip.readAllBytes();
        }
      }
    }
    throw new IOException(name);
  }
}
