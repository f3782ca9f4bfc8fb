package dev.espalier.engine;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Task;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.data.DataLimits;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.data.NpzFile;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.train.Recovery;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** Small pictures of four classes in files, networks really trained on them, and jobs. */
final class FilterBench {
  static final FilterNetworks NETWORKS = new FilterNetworks(1, 8, 8, 4);
  private static final int SAMPLES = 2_000;

  private final Path directory;
  private final Path training;
  private final Path validation;

  FilterBench(Path directory) throws IOException {
    this.directory = directory;
    training = directory.resolve("training.npz");
    validation = directory.resolve("validation.npz");
    write(training, SAMPLES, 1);
    write(validation, SAMPLES, 2);
  }

  /** A file with the network, trained to an accuracy well above chance. */
  Path trained(Graph untrained, String name) throws IOException {
    Dataset data =
        Dataset.read(training, untrained, null, null, DataLimits.ofThisProcess(directory));
    Policy.Recover settings = TestPolicies.recover("epochs: 2, learning-rate: 0.005, batch: 64");
    Path file = directory.resolve(name + ".onnx");
    try (Recovery recovery = new Recovery(untrained, Task.CLASSIFICATION, settings, 1)) {
      Graph trained =
          untrained.with(recovery.run(untrained.initializers(), Map.of(), data, 1, n -> {}));
      Files.write(file, OnnxSerializer.serialize(trained));
    }
    return file;
  }

  /** A policy that removes channels; latency is no condition, for tests must not depend on it. */
  static Policy policy(String more) {
    Policy policy =
        TestPolicies.policy(
            """
            granularity: filter, target: {sparsity: 0.5}, schedule: {steps: 2},
            criterion: filter-l2, budget: {max-duration: PT10M},
            recover: {epochs: 1, learning-rate: 0.002, batch: 64},
            gate: {max-drop: 0.05, min-size-reduction: 0, min-speedup: 0}
            """);
    return more.isEmpty() ? policy : TestPolicies.like(policy, more);
  }

  /** A job's specification. */
  JobSpec spec(JobSpec.Operation operation, Path model, Policy policy, String work)
      throws IOException {
    return new JobSpec(
        operation,
        Files.createDirectories(directory.resolve(work)),
        model,
        validation,
        training,
        null,
        null,
        null,
        policy,
        null,
        true,
        1);
  }

  /** Runs an operation. */
  static EngineOutcome run(JobSpec spec) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(nowhere)) {
      return EngineMain.run(spec, monitor);
    }
  }

  /** Noisy copies of one picture per class, shifted by up to a pixel. */
  private static void write(Path file, int samples, long seed) throws IOException {
    int size = NETWORKS.size();
    Random fixed = new Random(99);
    float[][] prototypes = new float[NETWORKS.classes()][size * size];
    for (float[] prototype : prototypes) {
      for (int i = 0; i < prototype.length; i++) {
        prototype[i] = (float) fixed.nextGaussian();
      }
    }
    Random random = new Random(seed);
    Tensor x = Tensor.zeros(DataType.FLOAT, samples, 1, size, size);
    Tensor y = Tensor.zeros(DataType.INT64, samples);
    for (int s = 0; s < samples; s++) {
      int label = random.nextInt(prototypes.length);
      int shift = random.nextInt(2);
      y.longs().put(s, label);
      for (int i = 0; i < size * size; i++) {
        float value = prototypes[label][(i + shift) % (size * size)];
        x.floats().put(s * size * size + i, (float) (value + random.nextGaussian()));
      }
    }
    NpzFile.write(file, Map.of("x", x, "y", y));
  }
}
