package dev.espalier.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.local.TrainingPipeline.Announcement;
import dev.espalier.local.TrainingPipeline.Uploaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Sends one's own model through a demo that was started with {@code --keep-running}. */
@Command(
    name = "SendEvent",
    mixinStandardHelpOptions = true,
    description = "Uploads a model and its data, announces it, and prints the result as JSON.")
final class SendEvent implements Callable<Integer> {
  @Option(names = "--stack", required = true, description = "Address file that the demo printed.")
  private Path stack = Path.of("");

  @Option(names = "--model", required = true, description = "Model file, ONNX or DL4J .zip.")
  private Path model = Path.of("");

  @Option(names = "--data", required = true, description = "Validation data, .npz with x and y.")
  private Path data = Path.of("");

  @Option(names = "--train", description = "Training data, .npz; without it nothing is recovered.")
  private @Nullable Path train;

  @Option(names = "--policy", description = "Name of a policy, or a file with one as JSON.")
  private @Nullable String policy;

  @Option(names = "--name", description = "Name of the model. Default: ${DEFAULT-VALUE}")
  private String name = "my-model";

  @Option(names = "--scale", description = "Factor for the inputs. Default: ${DEFAULT-VALUE}")
  private double scale = 1;

  @Option(names = "--patience", description = "How long to wait. Default: ${DEFAULT-VALUE}")
  private Duration patience = Duration.ofMinutes(30);

  private SendEvent() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SendEvent()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    StackAddress address = StackAddress.read(stack);
    String version = Long.toString(Instant.now().toEpochMilli());
    try (TrainingPipeline pipeline = new TrainingPipeline(address);
        ResultReader results = new ResultReader(address)) {
      Announcement announcement =
          new Announcement(
              name,
              version,
              upload(pipeline, "models", version, model),
              upload(pipeline, "datasets", version, data),
              train == null ? null : upload(pipeline, "datasets", version, train),
              scale,
              policy());
      String id = pipeline.announce(announcement);
      System.err.println("event " + id + " is job " + TrainingPipeline.job(id));
      System.out.println(results.await(id, patience, () -> {}).data().toPrettyString());
      return 0;
    }
  }

  private Uploaded upload(TrainingPipeline pipeline, String bucket, String version, Path file)
      throws IOException {
    String key = name + "/" + version + "/" + file.getFileName();
    return pipeline.upload(bucket, key, Files.readAllBytes(file));
  }

  private @Nullable JsonNode policy() throws IOException {
    if (policy == null) {
      return null;
    }
    Path file = Path.of(policy);
    return Files.exists(file)
        ? ContractJson.mapper().readTree(Files.readString(file))
        : TextNode.valueOf(policy);
  }
}
