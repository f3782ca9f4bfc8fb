package dev.espalier.engine.format.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.NpyFixture;
import dev.espalier.engine.format.RuntimeProbe;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.local.FashionMnist;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that PyTorch trained and exported ({@code src/test/python/export_fashion_cnn.py}). */
class PytorchModelsTest {
  private static final int SAMPLES = 64;
  private static final String FIXTURES = "/fixtures/pytorch/";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"fashion-cnn", "fashion-mlp"})
  void shouldReproducePytorchWhenOurSerialisationRunsInOnnxRuntime(String name) throws Exception {
    SourceModel model = open(name);

    float[] logits = run(model);

    float[] expected = NpyFixture.floats(FIXTURES + name + ".logits.npy");
    assertThat(logits).containsExactly(expected, within(1e-4f));
    byte[] predictions = NpyFixture.bytes(FIXTURES + name + ".predictions.npy");
    for (int i = 0; i < SAMPLES; i++) {
      assertThat(argMax(logits, i)).as("sample %d", i).isEqualTo(predictions[i]);
    }
  }

  /** All 10,000 test images of Fashion-MNIST. */
  @ParameterizedTest
  @ValueSource(strings = {"fashion-cnn", "fashion-mlp"})
  void shouldPredictAsPytorchForEveryTestImageWhenRunInOnnxRuntime(String name) throws Exception {
    FashionMnist images = FashionMnist.test();

    float[] logits = run(open(name), scaled(images.images()), FashionMnist.SAMPLES);

    byte[] predictions = NpyFixture.bytes(FIXTURES + name + ".predictions.npy");
    byte[] ours = new byte[FashionMnist.SAMPLES];
    for (int i = 0; i < ours.length; i++) {
      ours[i] = (byte) argMax(logits, i);
    }
    assertThat(ours).isEqualTo(predictions);
  }

  @Test
  void shouldFindLayersAndRolesWhenReadingPytorchsNames() throws Exception {
    SourceModel model = open("fashion-cnn");

    assertThat(model.format()).isEqualTo(ModelFormat.ONNX);
    assertThat(model.producer()).hasValueSatisfying(p -> assertThat(p).startsWith("pytorch 1.13"));
    assertThat(model.graph().inputs().get(0).dimensions())
        .containsExactly(ValueInfo.UNKNOWN, 1L, 28L, 28L);
    assertThat(model.graph().parameters())
        .containsExactlyInAnyOrder(
            new Parameter("conv1.weight", "conv1.weight", "conv1", Role.KERNEL),
            new Parameter("conv1.bias", "conv1.bias", "conv1", Role.BIAS),
            new Parameter("conv2.weight", "conv2.weight", "conv2", Role.KERNEL),
            new Parameter("conv2.bias", "conv2.bias", "conv2", Role.BIAS),
            new Parameter("fc1.weight", "fc1.weight", "fc1", Role.KERNEL),
            new Parameter("fc1.bias", "fc1.bias", "fc1", Role.BIAS),
            new Parameter("fc2.weight", "fc2.weight", "fc2", Role.KERNEL),
            new Parameter("fc2.bias", "fc2.bias", "fc2", Role.BIAS));
  }

  @Test
  void shouldKeepEveryByteWhenNothingChanges() throws Exception {
    Path target = directory.resolve("same.onnx");

    open("fashion-cnn").write(Map.of(), target);

    assertThat(target).hasSameBinaryContentAs(file("fashion-cnn"));
  }

  @Test
  void shouldChangeOnlyTheTensorWhenOneIsReplaced() throws Exception {
    SourceModel model = open("fashion-cnn");
    Tensor pruned = model.graph().initializers().get("conv2.weight").copy();
    for (int i = 0; i < pruned.size(); i += 2) {
      pruned.floats().put(i, 0f);
    }
    Path target = directory.resolve("pruned.onnx");

    model.write(Map.of("conv2.weight", pruned), target);

    SourceModel written = FormatDetector.open(target, ModelFormat.ONNX, FormatLimits.defaults());
    assertThat(written.graph().nodes()).isEqualTo(model.graph().nodes());
    written
        .graph()
        .initializers()
        .forEach(
            (name, tensor) ->
                assertThat(tensor.bytes())
                    .as(name)
                    .isEqualTo(
                        (name.equals("conv2.weight")
                                ? pruned
                                : model.graph().initializers().get(name))
                            .bytes()));
    assertThat(differing(Files.readAllBytes(target), Files.readAllBytes(file("fashion-cnn"))))
        .isPositive()
        .isLessThanOrEqualTo(pruned.size() / 2 * Float.BYTES);
    assertThat(run(written))
        .isEqualTo(
            RuntimeProbe.run(Files.readAllBytes(target), "image", sample(), SAMPLES, 1L, 28L, 28L));
  }

  private SourceModel open(String name) throws IOException, URISyntaxException {
    return FormatDetector.open(file(name), null, FormatLimits.defaults());
  }

  private static Path file(String name) throws URISyntaxException {
    return Path.of(PytorchModelsTest.class.getResource(FIXTURES + name + ".onnx").toURI());
  }

  private static float[] run(SourceModel model) throws Exception {
    return run(model, sample(), SAMPLES);
  }

  private static float[] run(SourceModel model, float[] images, int count) throws Exception {
    List<Long> shape = model.graph().inputs().get(0).dimensions();
    long[] dimensions = shape.stream().mapToLong(Long::longValue).toArray();
    dimensions[0] = count;
    return RuntimeProbe.run(model.graph(), images, dimensions);
  }

  private static float[] sample() throws IOException {
    return scaled(NpyFixture.bytes(FIXTURES + "sample.npy"));
  }

  private static float[] scaled(byte[] pixels) {
    float[] values = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      values[i] = Byte.toUnsignedInt(pixels[i]) / 255f;
    }
    return values;
  }

  private static int argMax(float[] logits, int row) {
    int best = 0;
    for (int c = 1; c < 10; c++) {
      best = logits[row * 10 + c] > logits[row * 10 + best] ? c : best;
    }
    return best;
  }

  private static int differing(byte[] a, byte[] b) {
    assertThat(a).hasSameSizeAs(b);
    int count = 0;
    for (int i = 0; i < a.length; i++) {
      count += a[i] == b[i] ? 0 : 1;
    }
    return count;
  }
}
