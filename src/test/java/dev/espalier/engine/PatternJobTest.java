package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.TestPolicies;
import dev.espalier.contract.Verdict;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs that remove blocks and patterns. */
class PatternJobTest {
  @TempDir static Path directory;
  private static Workbench bench;

  @BeforeAll
  static void train() throws IOException {
    bench = Workbench.trained(directory);
  }

  /** Kernels are [in, out]: in every column at most two of four rows are not zero. */
  @Test
  void shouldWriteThePatternAndReachTheSameBitsWhenResumed() throws IOException {
    Policy policy =
        TestPolicies.like(
            Workbench.policy(0.5, 3, 1, 0.05, 0.1), "granularity: {n: 2, m: 4}, criterion: snip");
    JobSpec whole = bench.prune(policy, "pattern");
    JobSpec resumed = bench.prune(policy, "pattern-resumed");

    Judged judged = (Judged) run(whole);
    Path first = resumed.workDirectory().resolve("checkpoints/1.checkpoint");
    Files.createDirectories(first.getParent());
    Files.copy(whole.workDirectory().resolve("checkpoints/1.checkpoint"), first);
    run(resumed);

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().reason()).isNull();
    assertThat(judged.result().sparsity()).isEqualTo(0.5);
    assertThat(judged.result().trajectory()).hasSize(3);
    Path output = whole.workDirectory().resolve("output/model.onnx");
    Graph after = FormatDetector.open(output, null, FormatLimits.defaults()).graph();
    for (Parameter parameter : after.prunable()) {
      FloatBuffer values = after.tensor(parameter).floats();
      int columns = (int) after.tensor(parameter).dimension(1);
      for (int group = 0; group < values.capacity(); group += 4 * columns) {
        for (int column = group; column < group + columns; column++) {
          assertThat(
                  IntStream.iterate(column, i -> i + columns)
                      .limit(4)
                      .filter(i -> values.get(i) != 0))
              .hasSize(2);
        }
      }
    }
    assertThat(resumed.workDirectory().resolve("output/model.onnx")).hasSameBinaryContentAs(output);
  }

  /** 32, 96 and 48 inputs are no multiples of 5. */
  @Test
  void shouldSayWhyWhenInputsDoNotFillTheGroupsOfAPattern() throws IOException {
    Policy policy =
        TestPolicies.like(
            Workbench.policy(0.6, 1, 0, 0.5, 0),
            "granularity: {n: 2, m: 5}, schedule: {kind: one-shot}");

    Judged judged = (Judged) run(bench.prune(policy, "ragged"));

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().sparsity()).isBetween(0.5, 0.599);
    assertThat(judged.result().reason().code()).isEqualTo(ReasonCode.TARGET_NOT_REACHED);
    assertThat(judged.result().reason().message()).contains("0.6000", "do not fill a group of 5");
  }

  @Test
  void shouldWriteBlocksThatReachTheTargetWhenBlocksAreRemoved() throws IOException {
    Policy policy =
        TestPolicies.like(
            Workbench.policy(0.6, 2, 1, 0.05, 0.1), "granularity: {block: [4, 2]}, scope: layer");

    Judged judged = (Judged) run(bench.prune(policy, "blocks"));

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().sparsity()).isBetween(0.6, 0.6 + 8 / 7_000.0);
  }

  private static Object run(JobSpec spec) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(nowhere)) {
      return EngineMain.run(spec, monitor);
    }
  }
}
