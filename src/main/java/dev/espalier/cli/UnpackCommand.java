package dev.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineOutcome.Unpacked;
import dev.espalier.contract.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code espalier unpack}: the model file that a sparse archive holds, byte for byte. */
@Command(
    name = "unpack",
    description = "Makes the model file again that a model.sparse holds.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class UnpackCommand implements Callable<Integer> {
  private static final Duration DEADLINE = Duration.ofMinutes(30);

  @Parameters(
      paramLabel = "FILE.sparse",
      converter = ExistingFile.class,
      description = "A sparse archive that prune wrote.")
  @SuppressWarnings("NullAway.Init")
  private Path archive;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The file to make; it must not exist.")
  @SuppressWarnings("NullAway.Init")
  private Path out;

  @Mixin private DisplayOptions display = new DisplayOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path target = out.toAbsolutePath().normalize();
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new CommandLine.ParameterException(
          command.commandLine(), "--out: '" + out + "' exists; name a new file");
    }
    try (LocalEngine local = new LocalEngine()) {
      JobSpec spec = LocalJob.unpack(archive, engine.threads(), local.workDirectory());
      EngineOutcome outcome = local.run(spec, engine.limits(DEADLINE), progress -> {});
      if (!(outcome instanceof Unpacked unpacked)) {
        return display.printEnd(outcome);
      }
      Path made = local.workDirectory().resolve(JobSpec.OUTPUT).resolve(JobSpec.UNPACKED);
      OutputDirectory.place(made, target);
      ObjectNode document = ContractJson.mapper().valueToTree(unpacked);
      document.remove("kind");
      display.print(
          document,
          String.format(
              Locale.ROOT, "%s: %,d bytes, SHA-256 %s", out, unpacked.bytes(), unpacked.sha256()));
      return ExitCode.DONE;
    }
  }
}
