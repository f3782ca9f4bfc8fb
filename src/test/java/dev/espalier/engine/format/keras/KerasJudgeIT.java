package dev.espalier.engine.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.keras.KerasFixtures.Case;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that we wrote, judged by h5py, zipfile, NumPy and PyTorch; skipped where Python has none of
 * them. With {@code -Despalier.samples=DIR}, every {@code .h5} and {@code .keras} file of a
 * directory of real models goes the same way.
 */
class KerasJudgeIT {
  private static final String PYTHON = "/usr/bin/python3";
  private static final Path SCRIPTS = Path.of("src/test/python");
  private static final String SAMPLES = System.getProperty("espalier.samples", "");

  @TempDir Path directory;

  @BeforeAll
  static void requirePython() throws IOException, InterruptedException {
    assumeTrue(
        Files.isExecutable(Path.of(PYTHON))
            && start(List.of(PYTHON, "-c", "import h5py, torch")).waitFor() == 0,
        "no Python with h5py and torch");
  }

  static Stream<Path> files() throws IOException {
    Stream<Path> fixtures = KerasFixtures.all().stream().map(Case::file);
    return SAMPLES.isEmpty() ? fixtures : Stream.concat(fixtures, samples());
  }

  static Stream<Path> samples() throws IOException {
    if (SAMPLES.isEmpty()) {
      return Stream.empty();
    }
    try (Stream<Path> all = Files.walk(Path.of(SAMPLES))) {
      return all.filter(file -> file.toString().matches(".*\\.(h5|keras)")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldDifferOnlyInTheListedTensorsWhenPruned(Path file)
      throws IOException, InterruptedException {
    SourceModel model = KerasFixtures.open(file);
    Map<String, Tensor> changed = KerasFilesTest.halved(model.graph());
    Path target = directory.resolve("pruned");

    model.write(changed, target);

    List<String> command = judge(file, target);
    for (Parameter parameter : model.graph().parameters()) {
      if (changed.containsKey(parameter.tensor())) {
        command.add(parameter.source());
      }
    }
    assertThat(run(command)).contains("\"failures\": []");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("samples")
  void shouldGiveTheOutputsOfAnIndependentReaderWhenTheModelIsReal(Path file)
      throws IOException, InterruptedException, OrtException {
    String expected =
        run(List.of(PYTHON, SCRIPTS.resolve("expect_keras.py").toString(), file.toString()));
    Case real = KerasFixtures.read(file.toString(), new ObjectMapper().readTree(expected));

    KerasFilesTest.assertSame(
        KerasFixtures.run(KerasFixtures.open(file).graph(), real.inputs()), real.outputs());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k24_functional.h5",
        "k214_variable_text.h5",
        "k29_odd_datasets.h5",
        "k3_functional.keras",
        "k3_deflated.keras"
      })
  void shouldFitItsConfigurationAndComputeTheSameWhenChannelsAreRemoved(String name)
      throws IOException, InterruptedException {
    SourceModel model = KerasFixtures.open(KerasFixtures.FILES.resolve(name));
    Map<String, Tensor> silenced = ChannelRemoval.silenced(model.graph());
    Path original = directory.resolve("original");
    Path smaller = directory.resolve("smaller");

    model.write(silenced, original);
    model.write(ChannelRemoval.removed(model.graph().with(silenced)), smaller);

    List<String> command = judge(original, smaller);
    command.add(2, "--same-outputs");
    model.graph().parameters().stream()
        .filter(p -> ChannelRemoval.touches(p.tensor()))
        .map(Parameter::source)
        .forEach(command::add);
    assertThat(run(command)).contains("\"resized\": true", "\"failures\": []");
  }

  private static List<String> judge(Path original, Path pruned) {
    return new ArrayList<>(
        List.of(
            PYTHON,
            SCRIPTS.resolve("judge_pruned_keras.py").toString(),
            original.toString(),
            pruned.toString()));
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .redirectOutput(ProcessBuilder.Redirect.PIPE)
        .start();
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = start(command);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
