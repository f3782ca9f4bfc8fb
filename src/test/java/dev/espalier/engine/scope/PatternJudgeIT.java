package dev.espalier.engine.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.espalier.contract.Granularity;
import dev.espalier.contract.Policy;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Blocks and patterns in files of real exporters, found there by python3-onnx and its own idea of
 * which axis is which; skipped where Python has no onnx.
 */
class PatternJudgeIT {
  private static final String PYTHON = "/usr/bin/python3";
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures");

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "onnx/residual-17, 2, 4",
    "onnx/lstm-12, 2, 4",
    "onnx/gru-14, 1, 4",
    "onnx/autoencoder-13, 1, 2",
    "onnx/transformer-16, 4, 8",
    "networks/mobilenet-v3, 2, 4",
    "networks/densenet, 3, 5",
    "pytorch/fashion-cnn, 2, 4",
    "onnx/channels-last, 2, 4"
  })
  void shouldHaveThePatternInEveryGroupOfInputs(String model, int n, int m) throws Exception {
    Path pruned = prune(model, "granularity: {n: %d, m: %d}, criterion: random".formatted(n, m));

    assertThat(judge(pruned.toString(), "nm", "" + n, "" + m))
        .contains("at most %d of %d".formatted(n, m))
        .contains("judge: holds");
  }

  @ParameterizedTest
  @CsvSource({
    "onnx/residual-17, 4, 1",
    "onnx/lstm-12, 3, 5",
    "onnx/autoencoder-13, 2, 2",
    "networks/mobilenet-v3, 1, 4",
    "pytorch/fashion-cnn, 8, 3"
  })
  void shouldHaveWholeBlocksOfZeros(String model, int rows, int columns) throws Exception {
    Path pruned =
        prune(
            model,
            "granularity: {block: [%d, %d]}, criterion: random, minimum-kept: 0.1"
                .formatted(rows, columns));

    assertThat(
            judge(
                pruned.toString(),
                "block",
                "" + rows,
                "" + columns,
                FIXTURES.resolve(model + ".onnx").toString()))
        .contains("0 of them in part")
        .contains("judge: holds");
  }

  private Path prune(String model, String fields) throws IOException {
    assumeTrue(Files.isExecutable(Path.of(PYTHON)), "no Python");
    SourceModel source =
        FormatDetector.open(FIXTURES.resolve(model + ".onnx"), null, FormatLimits.defaults());
    Graph graph = source.graph();
    Policy policy = TestPolicies.policy(fields);
    PruningScope scope = PruningScope.of(graph, policy);
    boolean pattern = policy.granularity() instanceof Granularity.NOfM;
    Map<String, Mask> masks =
        scope.remove(
            scope.initialMasks(),
            graph.initializers(),
            policy.criterion(),
            Map.of(),
            policy.scope(),
            pattern ? scope.mostRemoved() : scope.mostRemoved() / 2);
    Map<String, Tensor> pruned = new LinkedHashMap<>();
    masks.forEach(
        (name, mask) -> {
          Tensor copy = graph.initializers().get(name).copy();
          mask.applyTo(scope.weights(name, copy));
          pruned.put(name, copy);
        });
    Path target = directory.resolve("pruned.onnx");
    source.write(pruned, target);
    return target;
  }

  private static String judge(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PYTHON, "src/test/python/judge_patterns.py"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    assumeTrue(!output.contains("No module named"), "no Python with onnx");
    assertThat(code).as(output).isZero();
    return output;
  }
}
