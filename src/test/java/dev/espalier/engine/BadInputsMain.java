package dev.espalier.engine;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Runs the engine on one bad input after the other, in one small process: what one leaves behind,
 * the next has to live with. Reads lines of operation, file and declared format; writes lines of
 * milliseconds and outcome.
 */
final class BadInputsMain {
  private BadInputsMain() {}

  /** Takes the directory with {@code model.onnx}, the list, and where work directories go. */
  public static void main(String[] arguments) throws IOException {
    Path inputs = Path.of(arguments[0]);
    List<String> list = Files.readAllLines(Path.of(arguments[1]));
    Path work = Path.of(arguments[2]);
    PrintStream answers = System.out;
    System.setOut(System.err);
    for (int i = 0; i < list.size(); i++) {
      String[] input = list.get(i).split("\t", -1);
      Path directory = Files.createDirectories(work.resolve(Integer.toString(i)));
      long start = System.nanoTime();
      EngineOutcome outcome = run(spec(input, inputs, directory));
      answers.printf(
          Locale.ROOT, "%d\t%s%n", (System.nanoTime() - start) / 1_000_000, describe(outcome));
    }
    System.exit(0);
  }

  private static EngineOutcome run(JobSpec spec) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(nowhere)) {
      return EngineMain.run(spec, monitor);
    }
  }

  private static JobSpec spec(String[] input, Path inputs, Path work) {
    Path file = Path.of(input[1]);
    boolean data = input[0].equals("data");
    boolean pruned = input[0].equals("pruned") || data;
    return new JobSpec(
        pruned ? JobSpec.Operation.PRUNE : JobSpec.Operation.INSPECT,
        work,
        data ? inputs.resolve("model.onnx") : file,
        data ? file : pruned ? inputs.resolve("data.npz") : null,
        null,
        input[2].isEmpty() ? null : ModelFormat.valueOf(input[2]),
        null,
        null,
        pruned ? Workbench.policy(0.5, 1, 0, 0.5, 0) : null,
        null,
        false,
        1);
  }

  private static String describe(EngineOutcome outcome) {
    if (outcome instanceof EngineOutcome.Refused refused) {
      return refused.reason().code().wire() + "\t" + refused.reason().message();
    }
    if (outcome instanceof EngineOutcome.Failed failed) {
      return "failed\t" + failed.reason();
    }
    return "works\t" + outcome.getClass().getSimpleName();
  }
}
