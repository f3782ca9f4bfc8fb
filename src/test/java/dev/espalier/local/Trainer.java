package dev.espalier.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.local.GuideCnnTrainer.Trained;
import dev.espalier.local.ResultReader.Result;
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

/**
 * A training run for a stack that runs already: trains a CNN on real images with Deeplearning4j,
 * uploads and announces it, and waits for what the workers make of it.
 */
@Command(name = "Trainer", mixinStandardHelpOptions = true)
final class Trainer implements Callable<Integer> {
  private static final double SCALE = 1 / 255.0;

  @Option(names = "--bootstrap-servers", required = true, description = "Kafka.")
  private String bootstrapServers = "";

  @Option(names = "--endpoint", required = true, description = "Object store.")
  private String endpoint = "";

  @Option(names = "--access-key", required = true, description = "Its access key.")
  private String accessKey = "";

  @Option(names = "--secret-key-file", required = true, description = "File with its secret key.")
  private Path secretKeyFile = Path.of("");

  @Option(names = "--name", description = "Name of the model. Default: ${DEFAULT-VALUE}")
  private String name = "fashion-cnn";

  @Option(
      names = "--images",
      description = "Images to train with and to validate with. Default: ${DEFAULT-VALUE}")
  private int images = FashionMnist.SAMPLES;

  @Option(
      names = "--accuracy",
      description = "Validation accuracy that ends the training. Default: ${DEFAULT-VALUE}")
  private double accuracy = GuideCnnTrainer.REQUIRED_ACCURACY;

  @Option(names = "--policy", description = "Name of a policy, or one as JSON. Default: theirs.")
  private @Nullable String policy;

  @Option(names = "--patience", description = "How long to wait. Default: ${DEFAULT-VALUE}")
  private Duration patience = Duration.ofMinutes(20);

  private Trainer() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Trainer()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    StackAddress stack =
        new StackAddress(
            bootstrapServers, endpoint, accessKey, Files.readString(secretKeyFile).strip());
    FashionMnist training = FashionMnist.train().first(images);
    FashionMnist validation = FashionMnist.test().first(images);
    Trained trained =
        new GuideCnnTrainer(training, validation, System.err::println).train(accuracy);
    String version = Long.toString(Instant.now().getEpochSecond());
    try (TrainingPipeline pipeline = new TrainingPipeline(stack);
        ResultReader results = new ResultReader(stack)) {
      String run = name + "/" + version;
      Uploaded model = pipeline.upload("models", run + "/model.zip", trained.zip(true));
      Uploaded train = pipeline.upload("datasets", run + "/train.npz", training.npz());
      Uploaded val = pipeline.upload("datasets", run + "/val.npz", validation.npz());
      String event =
          pipeline.announce(new Announcement(name, version, model, val, train, SCALE, policy()));
      System.err.println("event " + event + " is job " + TrainingPipeline.job(event));
      Result result = results.await(event, patience, () -> {});
      System.out.println(result.data().toPrettyString());
      return result.verdict().equals("pruned") ? 0 : 1;
    }
  }

  private @Nullable JsonNode policy() throws IOException {
    if (policy == null) {
      return null;
    }
    return policy.startsWith("{")
        ? ContractJson.mapper().readTree(policy)
        : TextNode.valueOf(policy);
  }
}
