package dev.espalier.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.local.GuideCnnTrainer.Trained;
import dev.espalier.local.ResultReader.Result;
import dev.espalier.local.TrainingPipeline.Announcement;
import dev.espalier.local.TrainingPipeline.Uploaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The main job, end to end, on this machine alone: a broker, an object store, a CNN trained on real
 * images with Deeplearning4j, the packaged worker, and the result a deployment would read.
 *
 * <p>A second event asks for a target sparsity of zero under the same schedule: the dense control,
 * which gets the same extra training and so shows what the pruning itself has cost.
 */
@Command(name = "Demo", mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {
  private static final double REQUIRED_SPARSITY = 0.80;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int PARTITIONS = 4;
  private static final int STEPS = 8;
  private static final String MODEL = "fashion-cnn";
  private static final String CONTROL = "fashion-cnn-control";
  private static final String VERSION = "1";
  private static final double SCALE = 1 / 255.0;
  private static final String POLICY =
      """
      {"name": "%s", "criterion": "magnitude", "scope": "global", "granularity": "weight",
       "target": {"sparsity": %s}, "schedule": {"kind": "cubic", "steps": %d},
       "recover": {"epochs": 1, "optimizer": "adam"},
       "gate": {"metric": "accuracy", "max-drop": 0.02}}
      """;

  private final Phases phases = new Phases(System.out::println);

  @Option(names = "--keep-running", description = "Stay up afterwards, for one's own events.")
  private boolean keepRunning;

  private Demo() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Demo()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    String now = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    Path directory = Files.createDirectories(Path.of("target", "demo", now));
    try (EmbeddedBroker broker =
            phases.time("Kafka broker", () -> EmbeddedBroker.start(directory, PARTITIONS));
        EmbeddedStore store = phases.time("S3 server", () -> EmbeddedStore.start(directory))) {
      FashionMnist training = FashionMnist.train();
      FashionMnist validation = FashionMnist.test();
      Trained trained =
          phases.time(
              "training",
              () ->
                  new GuideCnnTrainer(training, validation, line -> System.out.println("  " + line))
                      .train(GuideCnnTrainer.REQUIRED_ACCURACY));
      StackAddress address = StackAddress.of(broker, store);
      try (TrainingPipeline pipeline = new TrainingPipeline(address);
          ResultReader results = new ResultReader(address);
          WorkerProcess worker = phases.time("worker", () -> worker(directory, broker, store))) {
        byte[] model = trained.zip(true);
        Events events = announce(pipeline, model, training.npz(), validation.npz());
        Results both = phases.time("pruning", () -> await(results, events, store));
        System.out.println(both.pruned.data().toPrettyString());
        System.out.println();
        System.out.println(
            new DemoSummary(both.pruned, both.control, store.objects(), phases)
                .text(model, trained.zip(false)));
        if (keepRunning) {
          KeepRunning.print(directory, address, worker.logFile());
          new CountDownLatch(1).await();
        }
        return succeeded(both.pruned) ? 0 : 1;
      }
    }
  }

  private record Events(String pruned, String control) {}

  private record Results(Result pruned, Result control) {}

  private static WorkerProcess worker(Path directory, EmbeddedBroker broker, EmbeddedStore store)
      throws IOException {
    Map<String, String> configuration = WorkerProcess.configuration(broker, store);
    // The job and its control side by side, a core each.
    configuration.put("espalier.engine.slots", "2");
    return WorkerProcess.start(directory, configuration).awaitReady();
  }

  private static Events announce(
      TrainingPipeline pipeline, byte[] model, byte[] training, byte[] validation)
      throws IOException, InterruptedException {
    Uploaded zip = pipeline.upload("models", MODEL + "/" + VERSION + "/model.zip", model);
    Uploaded train = pipeline.upload("datasets", "fashion-mnist/train.npz", training);
    Uploaded val = pipeline.upload("datasets", "fashion-mnist/val.npz", validation);
    return new Events(
        pipeline.announce(
            new Announcement(MODEL, VERSION, zip, val, train, SCALE, policy("demo-90", 0.9))),
        pipeline.announce(
            new Announcement(CONTROL, VERSION, zip, val, train, SCALE, policy("demo-control", 0))));
  }

  private static JsonNode policy(String name, double sparsity) throws IOException {
    return ContractJson.mapper().readTree(POLICY.formatted(name, sparsity, STEPS));
  }

  private static Results await(ResultReader results, Events events, EmbeddedStore store)
      throws IOException {
    List<Runnable> watches =
        List.of(watch(MODEL, events.pruned, store), watch(CONTROL, events.control, store));
    Runnable meanwhile = () -> watches.forEach(Runnable::run);
    Result pruned = results.await(events.pruned, PATIENCE, meanwhile);
    return new Results(pruned, results.await(events.control, PATIENCE, meanwhile));
  }

  private static Runnable watch(String name, String event, EmbeddedStore store) {
    Path jobs = store.objects().resolve("espalier").resolve("jobs");
    Path checkpoints = jobs.resolve(TrainingPipeline.job(event).value()).resolve("checkpoints");
    return new StepWatch(
        checkpoints, step -> System.out.println("  " + name + ": step " + step + " of " + STEPS));
  }

  private static boolean succeeded(Result result) {
    return result.verdict().equals("pruned")
        && result.data().at("/result/sparsity").asDouble() >= REQUIRED_SPARSITY;
  }
}
