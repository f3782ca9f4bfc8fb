package dev.espalier.engine.format.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.ModelResult.Layer;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.report.LayerReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file with channels cut out, judged by python3-onnx: the checker with shape inference, and what
 * differs; skipped where Python has no onnx.
 */
class OnnxJudgeIT {
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir Path directory;

  @Test
  void shouldPassTheCheckerAndDifferOnlyWhereItMustWhenChannelsAreCutOut() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of(PYTHON)) && start("-c", "import onnx").waitFor() == 0,
        "no Python with onnx");
    ExportedModel model = ExportedModel.named("mobile-fixed-batch");
    SourceModel source = model.open();
    Path target = directory.resolve("cut.onnx");

    source.write(ChangedShapesTest.cut(source.graph()), target);

    Graph cut = FormatDetector.open(target, null, FormatLimits.defaults()).graph();
    List<Layer> layers = LayerReport.of(source.graph(), cut, Set.of(), Set.of());
    Path report = directory.resolve("report.json");
    Files.write(
        report,
        ContractJson.mapper().writeValueAsBytes(Map.of("result", Map.of("layers", layers))));
    assertThat(
            run(
                "src/test/python/judge_pruned_onnx.py",
                model.file().toString(),
                target.toString(),
                report.toString()))
        .contains("judge: valid; 5 tensors changed as listed");
  }

  private static Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(PYTHON));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String run(String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
