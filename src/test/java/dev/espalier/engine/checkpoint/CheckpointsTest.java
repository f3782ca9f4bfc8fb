package dev.espalier.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Sha256;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {
  private static final Sha256 JOB = Sha256.of(new byte[] {1});

  @TempDir Path directory;
  private Checkpoints checkpoints;

  @BeforeEach
  void open() throws IOException {
    checkpoints = new Checkpoints(directory, JOB);
  }

  @Test
  void shouldGiveBackEveryBitWhenWhole() throws IOException {
    checkpoints.write(candidate(3));

    Candidate read = checkpoints.newest().orElseThrow();

    assertThat(read.step()).isEqualTo(3);
    assertThat(read.trajectory()).isEqualTo(candidate(3).trajectory());
    assertThat(read.masks().get("w").words()).isEqualTo(candidate(3).masks().get("w").words());
    assertThat(read.weights().get("w").bytes()).isEqualTo(candidate(3).weights().get("w").bytes());
    assertThat(read.weights().get("w").shape()).containsExactly(2, 35);
  }

  @Test
  void shouldKeepElementTypesWhenWeightsAreNotFloats() throws IOException {
    Tensor bytes = Tensor.of(DataType.INT8, ByteBuffer.wrap(new byte[] {1, -2, 3}), 3);
    Tensor halves = Tensor.of(DataType.FLOAT16, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 2, 1);
    checkpoints.write(
        new Candidate(1, Map.of(), Map.of("bytes", bytes, "halves", halves), List.of()));

    Map<String, Tensor> read = checkpoints.newest().orElseThrow().weights();

    assertThat(read.get("bytes")).hasToString(bytes.toString());
    assertThat(read.get("bytes").bytes()).isEqualTo(bytes.bytes());
    assertThat(read.get("halves")).hasToString(halves.toString());
    assertThat(read.get("halves").bytes()).isEqualTo(halves.bytes());
  }

  @Test
  void shouldTakeTheLatestStepByNumberWhenThereAreSeveral() throws IOException {
    checkpoints.write(candidate(9));
    checkpoints.write(candidate(10));

    assertThat(checkpoints.newest()).map(Candidate::step).contains(10);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.0, 0.02, 0.3, 0.6, 0.999})
  void shouldFallBackToTheOneBeforeWhenAByteIsFlipped(double place) throws IOException {
    checkpoints.write(candidate(1));
    Path damaged = directory.resolve(checkpoints.write(candidate(2)));
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[(int) (place * bytes.length)] ^= 1;
    Files.write(damaged, bytes);

    assertThat(checkpoints.newest()).map(Candidate::step).contains(1);
  }

  @Test
  void shouldIgnoreWhenTruncated() throws IOException {
    Path damaged = directory.resolve(checkpoints.write(candidate(2)));
    byte[] bytes = Files.readAllBytes(damaged);
    Files.write(damaged, Arrays.copyOf(bytes, bytes.length - 40));

    assertThat(checkpoints.newest()).isEmpty();
  }

  @Test
  void shouldIgnoreWhenOfAnotherJob() throws IOException {
    new Checkpoints(directory, Sha256.of(new byte[] {2})).write(candidate(2));

    assertThat(checkpoints.newest()).isEmpty();
  }

  @Test
  void shouldIgnoreWhatIsNotACheckpoint() throws IOException {
    Files.writeString(directory.resolve("4.checkpoint"), "no");
    Files.writeString(directory.resolve("5.partial"), "half");

    assertThat(checkpoints.newest()).isEmpty();
  }

  private static Candidate candidate(int step) {
    Mask mask = Mask.keepAll(70);
    mask.remove(step);
    mask.remove(69);
    float[] weights = new float[70];
    weights[0] = -0f;
    weights[1] = Float.MIN_VALUE;
    weights[69] = step;
    return new Candidate(
        step,
        Map.of("w", mask),
        Map.of("w", Tensor.of(weights, 2, 35)),
        List.of(
            new ModelResult.Step(
                1, Policy.Criterion.LAMP, 0.5, 0.51, 0.9, -0.01, null, true, null, 1.25, null)));
  }
}
