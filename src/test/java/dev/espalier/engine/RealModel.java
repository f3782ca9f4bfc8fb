package dev.espalier.engine;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.JobSpec.Preprocess;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.PolicyReader;
import dev.espalier.local.FashionMnist;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Models that PyTorch trained on real data, and how long to fine-tune them.
 *
 * <p>As a program, prints what pruning 90 % of the weights of each costs with and without
 * fine-tuning, and what the same fine-tuning does to the dense model:
 *
 * <pre>
 * ./mvnw -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test.cp
 * export CLASSPATH=target/classes:target/test-classes:$(cat target/test.cp)
 * OMP_NUM_THREADS=1 java -Dorg.bytedeco.javacpp.platform.extension=-onednn-avx2 \
 *   dev.espalier.engine.RealModel
 * </pre>
 */
enum RealModel {
  /** Tells what kind of thing a dictionary definition defines. */
  GLOSS_LSTM("gloss-lstm", "glosses", null, 3, 1, 0.002, 64),
  /** Tells capital letters from 16 measures. */
  LETTER_MLP(
      "letter-mlp", "letters", new Preprocess(null, List.of(7.0), List.of(2.5)), 4, 15, 0.001, 64),
  /** Tells clothes from grey-scale images; residual blocks with batch normalisation. */
  FASHION_RESIDUAL(
      "fashion-residual",
      "fashion",
      new Preprocess(1 / 255.0, List.of(), List.of()),
      2,
      1,
      0.0007,
      64);

  private static final Path FIXTURES =
      Path.of("src/test/resources/fixtures/recovery").toAbsolutePath();
  private static final double SPARSITY = 0.9;

  private final String model;
  private final String data;
  private final @Nullable Preprocess preprocess;
  private final int steps;
  private final int epochs;
  private final double learningRate;
  private final int batch;

  RealModel(
      String model,
      String data,
      @Nullable Preprocess preprocess,
      int steps,
      int epochs,
      double learningRate,
      int batch) {
    this.model = model;
    this.data = data;
    this.preprocess = preprocess;
    this.steps = steps;
    this.epochs = epochs;
    this.learningRate = learningRate;
    this.batch = batch;
  }

  /** Prunes nine of ten weights in the engine, in a gate of one point. */
  EngineOutcome.Judged prune(Path directory, boolean recovering) throws IOException {
    return run(directory, SPARSITY, recovering ? epochs : 0);
  }

  private EngineOutcome.Judged run(Path directory, double sparsity, int recoveryEpochs)
      throws IOException {
    String policy =
        """
        name: real
        target: {sparsity: %s}
        schedule: {kind: cubic, steps: %d}
        recover: {epochs: %d, batch: %d%s}
        gate: {max-drop: 0.01}
        """
            .formatted(
                sparsity,
                steps,
                recoveryEpochs,
                batch,
                recoveryEpochs == 0 ? "" : ", learning-rate: " + learningRate);
    String work = model + "-" + sparsity + "-" + recoveryEpochs;
    JobSpec spec =
        new JobSpec(
            JobSpec.Operation.PRUNE,
            Files.createDirectories(directory.resolve(work)),
            FIXTURES.resolve(model + ".onnx"),
            npz(directory, "validation"),
            npz(directory, "training"),
            null,
            null,
            preprocess,
            PolicyReader.readYaml(policy),
            null,
            /* alsoOnnx= */ false,
            1);
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(nowhere)) {
      EngineOutcome outcome = EngineMain.run(spec, monitor);
      if (outcome instanceof EngineOutcome.Judged judged) {
        return judged;
      }
      throw new IllegalStateException(String.valueOf(outcome));
    }
  }

  private Path npz(Path directory, String part) throws IOException {
    if (!data.equals("fashion")) {
      return FIXTURES.resolve("%s-%s.npz".formatted(data, part));
    }
    Path file = directory.resolve(part + ".npz");
    if (!Files.exists(file)) {
      FashionMnist images = part.equals("training") ? FashionMnist.train() : FashionMnist.test();
      Files.write(file, images.npz());
    }
    return file;
  }

  /** Prints the figures of the models named, or of all. */
  public static void main(String[] names) throws IOException {
    List<RealModel> models =
        names.length == 0
            ? List.of(values())
            : List.of(names).stream().map(RealModel::valueOf).toList();
    Path directory = Files.createTempDirectory("real-models");
    for (RealModel model : models) {
      print(model + " pruned, not recovered", () -> model.prune(directory, false));
      print(model + " pruned and recovered", () -> model.prune(directory, true));
      print(model + " dense control", () -> model.run(directory, 0, model.epochs));
    }
  }

  private interface Run {
    EngineOutcome.Judged run() throws IOException;
  }

  private static void print(String name, Run run) throws IOException {
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long start = clock.getCurrentThreadCpuTime();
    EngineOutcome.Judged judged = run.run();
    ModelResult.Gate gate = judged.gate();
    System.out.printf(
        "%s: %s, sparsity %.4f, baseline %.4f, now %.4f, drop at most %.4f, %d samples, %.0f CPU-s%s%n",
        name,
        judged.result().verdict(),
        judged.result().sparsity(),
        gate.baseline(),
        gate.pruned(),
        gate.upperBound(),
        gate.samples(),
        (clock.getCurrentThreadCpuTime() - start) / 1e9,
        judged.result().recovery() == null ? "" : ", " + judged.result().recovery());
  }
}
