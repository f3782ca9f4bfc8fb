package dev.espalier.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineClassPathTest {
  private static final List<String> NEEDED =
      List.of(
          "dev.espalier.contract.JobSpec",
          "org.nd4j.linalg.factory.Nd4j",
          "org.nd4j.linalg.cpu.nativecpu.CpuBackend",
          "ai.onnxruntime.OrtEnvironment",
          "com.google.protobuf.CodedInputStream",
          "com.github.luben.zstd.Zstd",
          "com.fasterxml.jackson.databind.ObjectMapper");
  private static final List<String> FORBIDDEN =
      List.of(
          "io.quarkus.runtime.Quarkus",
          "io.smallrye.config.SmallRyeConfig",
          "org.apache.kafka.clients.consumer.KafkaConsumer",
          "io.minio.MinioClient",
          "okhttp3.OkHttpClient",
          "io.micrometer.core.instrument.MeterRegistry",
          "io.vertx.core.Vertx",
          "org.deeplearning4j.nn.multilayer.MultiLayerNetwork");

  @TempDir Path directory;

  @Test
  void shouldLoadItsLibrariesAndNothingOfTheWorkerWhenAnEngineRuns() throws Exception {
    // The probe's own class is copied apart, so that no test directory is on the class path.
    Path probe = directory.resolve(ClassProbe.class.getName().replace('.', '/') + ".class");
    Files.createDirectories(probe.getParent());
    try (var in = ClassProbe.class.getResourceAsStream("ClassProbe.class")) {
      Files.copy(in, probe);
    }
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                EngineClassPath.locate() + File.pathSeparator + directory,
                ClassProbe.class.getName()));
    Collections.addAll(line, NEEDED.toArray(String[]::new));
    Collections.addAll(line, FORBIDDEN.toArray(String[]::new));

    Process process = new ProcessBuilder(line).redirectErrorStream(false).start();
    List<String> loadable = process.inputReader().lines().toList();

    assertThat(process.waitFor()).isZero();
    assertThat(loadable).containsExactlyElementsOf(NEEDED);
  }

  @Test
  void shouldKnowTheForbiddenClassesWhenTheyAreLookedForHere() {
    // Were a name misspelt or renamed, the test above would pass for the wrong reason.
    assertThat(FORBIDDEN)
        .allSatisfy(
            name ->
                assertThat(Class.forName(name, false, getClass().getClassLoader())).isNotNull());
  }
}
