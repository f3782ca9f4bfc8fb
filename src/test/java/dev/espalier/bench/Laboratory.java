package dev.espalier.bench;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.PolicyDigest;
import dev.espalier.engine.InProcess;
import dev.espalier.engine.compress.FileSizes;
import dev.espalier.engine.gate.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the models of runs, and measures them. Everything it makes stays in a cache. */
final class Laboratory {
  private final Path cache;
  private final Python python;
  private final String part;

  /**
   * A laboratory.
   *
   * @param part what models are judged on: {@code test}, or {@code tuning} to choose recipes by
   */
  Laboratory(Path cache, Python python, String part) throws IOException {
    this.cache = Files.createDirectories(cache).toRealPath();
    this.python = python;
    this.part = part;
  }

  /** Makes a model and measures it. */
  Line perform(Run run) throws IOException, InterruptedException {
    Path dense = dense(run);
    long started = System.nanoTime();
    if (run.kind() == Run.Kind.PEER) {
      return peer(run, dense, started);
    }
    EngineOutcome outcome = engine(run, dense);
    if (!(outcome instanceof EngineOutcome.Judged judged)) {
      throw new IllegalStateException(run.id() + " ended with " + outcome);
    }
    double seconds = seconds(started);
    return line(run, dense, judged, againstControl(run, judged.gate()), seconds);
  }

  private Line peer(Run run, Path dense, long started) throws IOException, InterruptedException {
    Policy policy = run.effectivePolicy();
    Path model = model(run);
    Files.createDirectories(model.getParent());
    python.run(
        "bench_peers.py",
        cache.toString(),
        run.network(),
        Integer.toString(run.seed()),
        run.method(),
        Double.toString(run.sparsity()),
        Integer.toString(policy.schedule().steps()),
        Integer.toString(policy.recover().epochs()),
        Integer.toString(policy.recover().batch()),
        model.toString());
    double seconds = seconds(started);
    VerdictHalf half = verdictHalf(run);
    Comparison found = half.compare(dense, model);
    return new Line(
        run.id(),
        run.method(),
        run.sparsity(),
        run.seed(),
        null,
        null,
        VerdictHalf.sparsity(model),
        found.baseline(),
        found.pruned(),
        null,
        found.upperBound(),
        Line.Control.of(half.compare(control(run), model)),
        found.samples(),
        size(dense, null, null, FileSizes.of(model).gzip()),
        null,
        null,
        seconds,
        PolicyDigest.of(policy).hex(),
        "PyTorch",
        LocalDate.now(ZoneOffset.UTC));
  }

  private Line line(
      Run run,
      Path dense,
      EngineOutcome.Judged judged,
      Line.@Nullable Control control,
      double seconds)
      throws IOException {
    ModelResult.Result result = judged.result();
    ModelResult.Gate gate = judged.gate();
    ModelResult.Output output = judged.output();
    List<ModelResult.Step> steps = result.trajectory() == null ? List.of() : result.trajectory();
    boolean searched = run.effectivePolicy().search().enabled();
    return new Line(
        run.id(),
        run.method(),
        run.sparsity(),
        run.seed(),
        result.verdict(),
        result.reason() == null ? null : result.reason().message(),
        result.sparsity(),
        gate == null ? null : gate.baseline(),
        gate == null ? null : gate.pruned(),
        steps.isEmpty() ? null : steps.get(steps.size() - 1).metric(),
        gate == null ? null : gate.upperBound(),
        control,
        gate == null ? null : gate.samples(),
        size(
            dense,
            result.nonZero(),
            output == null || output.archive() == null ? null : output.archive().bytes(),
            output == null ? null : output.bytesGzip()),
        Line.Speed.of(judged),
        searched ? steps.stream().map(Line.Trial::of).toList() : null,
        seconds,
        judged.policy().digest().hex(),
        judged.engine().version(),
        LocalDate.now(ZoneOffset.UTC));
  }

  private static Line.Size size(
      Path dense, @Nullable Long nonZero, @Nullable Long archive, @Nullable Long gzipAfter)
      throws IOException {
    FileSizes before = FileSizes.of(dense);
    return new Line.Size(nonZero, before.raw(), before.gzip(), gzipAfter, archive);
  }

  private static double seconds(long started) {
    return Math.round((System.nanoTime() - started) / 1e8) / 10.0;
  }

  /** The dense network that a run starts from. */
  private Path dense(Run run) throws IOException, InterruptedException {
    Path model = cache.resolve(run.network() + "-" + run.seed() + ".onnx");
    if (!Files.exists(model)) {
      python.run("bench_data.py", cache.toString(), Network.named(run.network()).data());
      python.run("bench_dense.py", cache.toString(), run.network(), Integer.toString(run.seed()));
    }
    return model;
  }

  /** By the gate's test where the engine kept the model, otherwise the control's accuracy alone. */
  private Line.@Nullable Control againstControl(Run run, ModelResult.@Nullable Gate gate)
      throws IOException, InterruptedException {
    if (run.kind() == Run.Kind.CONTROL || gate == null) {
      return null;
    }
    Path control = control(run);
    return Files.exists(model(run))
        ? Line.Control.of(verdictHalf(run).compare(control, model(run)))
        : new Line.Control(verdictHalf(run).compare(control, control).baseline(), null);
  }

  /** The dense control of a run, made where it is not there. */
  private Path control(Run run) throws IOException, InterruptedException {
    Run control = run.control();
    if (!Files.exists(model(control))) {
      engine(control, dense(control));
    }
    return model(control);
  }

  private VerdictHalf verdictHalf(Run run) {
    Network network = Network.named(run.network());
    return new VerdictHalf(network, data(network, part), run.effectivePolicy());
  }

  /** Where the model of a run is kept. */
  private Path model(Run run) {
    String policy = PolicyDigest.of(run.effectivePolicy()).hex().substring(0, 8);
    return cache.resolve("models").resolve(part).resolve(run.id() + "-" + policy + ".onnx");
  }

  private Path data(Network network, String name) {
    return cache.resolve(network.data() + "-" + name + ".npz");
  }

  private EngineOutcome engine(Run run, Path dense) throws IOException, InterruptedException {
    Network network = Network.named(run.network());
    Path work = Files.createTempDirectory(cache, "job-").toRealPath();
    JobSpec spec =
        new JobSpec(
            JobSpec.Operation.PRUNE,
            work,
            dense,
            data(network, part),
            data(network, "training"),
            null,
            null,
            network.preprocess(),
            run.effectivePolicy(),
            null,
            /* alsoOnnx= */ false,
            1);
    try {
      EngineOutcome outcome = InProcess.run(spec);
      Path written = work.resolve(JobSpec.OUTPUT).resolve("model.onnx");
      if (Files.exists(written)) {
        Files.createDirectories(model(run).getParent());
        Files.move(written, model(run), StandardCopyOption.REPLACE_EXISTING);
      }
      return outcome;
    } finally {
      delete(work);
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> walked = Files.walk(directory)) {
      files = walked.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
