package dev.espalier.engine;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Progress;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.operator.Native;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Entry point of the engine process. The absolute path of a {@code job.json} is the first argument,
 * or, when there is none, one line on standard input, at whose end the process ends itself.
 * Standard output carries {@link Progress} lines only. The exit code is 0 whenever an outcome was
 * written.
 */
public final class EngineMain {
  private static final System.Logger LOG = System.getLogger(EngineMain.class.getName());

  private EngineMain() {}

  /** Runs one job and ends the process. */
  public static void main(String[] arguments) throws IOException {
    PrintStream lines = System.out;
    // Libraries that print must not get between the progress lines.
    System.setOut(System.err);
    try (Monitor monitor = new Monitor(lines)) {
      Path file = Path.of(arguments.length > 0 ? arguments[0] : nextJob(monitor));
      JobSpec spec = ContractJson.mapper().readValue(file.toFile(), JobSpec.class);
      write(spec, run(spec, monitor));
    }
    // Native thread pools may outlive the job.
    System.exit(0);
  }

  private static String nextJob(Monitor monitor) throws IOException {
    monitor.tell(new Progress.Ready());
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line = input.readLine();
    if (line == null) {
      throw new IOException("standard input ended before a job came");
    }
    ParentWatch.begin(input);
    return line.strip();
  }

  /** The outcome of a job, whatever happens to it. */
  static EngineOutcome run(JobSpec spec, Monitor monitor) {
    try {
      return switch (spec.operation()) {
        case PRUNE -> new PruningJob(spec, monitor).run();
        case EVALUATE -> new EvaluateJob(spec, monitor).run();
        case INSPECT -> new InspectJob(spec, monitor).run();
        case VERIFY -> new VerifyJob(spec, monitor).run();
        case PLAN -> new PlanJob(spec, monitor).run();
        case UNPACK -> new UnpackJob(spec, monitor).run();
        case PREPARE -> prepare(spec);
      };
    } catch (Refusal e) {
      LOG.log(System.Logger.Level.INFO, "refused", e);
      return new EngineOutcome.Refused(e.reason());
    } catch (DeadlineExceeded e) {
      return failed(ReasonCode.DEADLINE_EXCEEDED, String.valueOf(e.getMessage()));
    } catch (OutOfMemoryError e) {
      // Running out of direct memory is thrown by Java code, so the JVM's own exit does not see it.
      return failed(ReasonCode.ENGINE_OUT_OF_MEMORY, String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException | LinkageError | StackOverflowError e) {
      if (MachineFault.isCauseOf(e)) {
        LOG.log(System.Logger.Level.ERROR, "the machine is in the way", e);
        return new EngineOutcome.Hindered(
            new Reason(ReasonCode.ENGINE_CRASHED, "the disk takes no more: " + e));
      }
      LOG.log(System.Logger.Level.ERROR, "engine failed", e);
      return failed(ReasonCode.ENGINE_CRASHED, e.getClass().getName() + ": " + e.getMessage());
    }
  }

  private static EngineOutcome prepare(JobSpec spec) {
    Native.useThreads(spec.threads());
    return new EngineOutcome.Prepared();
  }

  private static EngineOutcome failed(ReasonCode code, String message) {
    return new EngineOutcome.Failed(new Reason(code, message));
  }

  private static void write(JobSpec spec, EngineOutcome outcome) throws IOException {
    Path target = spec.workDirectory().resolve(JobSpec.OUTCOME_FILE);
    Path partial = spec.workDirectory().resolve(JobSpec.OUTCOME_FILE + ".partial");
    Files.write(
        partial, ContractJson.mapper().writerFor(EngineOutcome.class).writeValueAsBytes(outcome));
    Files.move(
        partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
