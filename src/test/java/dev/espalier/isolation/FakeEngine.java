package dev.espalier.isolation;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands in for the engine as a real child process. What it does is named by its model's file name,
 * as the job is all that an engine is told.
 */
final class FakeEngine {
  private static final String READY = "{\"event\":\"ready\"}";

  private FakeEngine() {}

  /** Acts as the engine on the {@code job.json} named by the first line of standard input. */
  public static void main(String[] args) throws Exception {
    String file =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    JobSpec spec =
        ContractJson.mapper().readValue(Files.readAllBytes(Path.of(file)), JobSpec.class);
    act(spec.model().getFileName().toString(), spec.workDirectory());
  }

  private static void act(String script, Path work) throws IOException, InterruptedException {
    switch (script) {
      case "succeed" -> {
        say(READY);
        say("{\"event\":\"step\",\"step\":1,\"steps\":1,\"sparsity\":0.5,\"metric\":0.9}");
        leave(work, new EngineOutcome.Verified(1, 2, 3));
      }
      case "environment" -> {
        List<String> seen = new ArrayList<>(System.getenv().keySet());
        Files.write(work.resolve("environment"), seen);
        Files.writeString(work.resolve("scratch"), System.getProperty("java.io.tmpdir"));
        leave(work, new EngineOutcome.Verified(0, 0, 0));
      }
      case "crash" -> {
        say(READY);
        System.err.println("the kernel went missing");
        System.exit(7);
      }
      case "fill-disk" -> {
        say(READY);
        Files.write(work.resolve("filler"), new byte[2 << 20]);
        System.in.transferTo(OutputStream.nullOutputStream()); // until its parent is gone
      }
      case "read-only-disk" -> {
        say(READY);
        // Nothing can take its place, whoever asks: not even root replaces a directory by a file.
        Files.createDirectories(work.resolve(".probe/occupied"));
        System.exit(7);
      }
      case "garbage" -> {
        System.out.println("x".repeat(1 << 20));
        System.out.println("{\"event\":\"java.lang.Runtime\"}");
        System.out.println("null");
        System.err.println("e".repeat(4 << 20));
        say("{\"event\":\"advanced\",\"fraction\":0.5}");
        leave(work, new EngineOutcome.Verified(0, 0, 0));
      }
      case "illegal-instruction" -> {
        say(READY);
        if (System.getProperty("org.bytedeco.javacpp.platform.extension").isEmpty()) {
          leave(work, new EngineOutcome.Verified(0, 0, 0));
        } else {
          System.err.println("# SIGILL (0x4) at pc=0x00007f");
          Runtime.getRuntime().halt(134);
        }
      }
      case "babble" -> forever("still here, still not progress");
      case "hung-heart" -> forever("{\"event\":\"heartbeat\",\"work\":7}");
      case "busy" -> busy();
      case "exhaust-heap" -> exhaustHeap();
      case "fill-memory" -> fillMemory();
      case "broken-outcome" -> Files.writeString(work.resolve(JobSpec.OUTCOME_FILE), "{\"kind\":");
      case "linked-outcome" ->
          Files.createSymbolicLink(work.resolve(JobSpec.OUTCOME_FILE), Path.of(JobSpec.FILE));
      default -> throw new IllegalArgumentException(script);
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static void leave(Path work, EngineOutcome outcome) throws IOException {
    Path part = work.resolve("outcome.part");
    Files.write(part, ContractJson.mapper().writeValueAsBytes(outcome));
    Files.move(part, work.resolve(JobSpec.OUTCOME_FILE), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void forever(String line) throws InterruptedException {
    while (true) {
      say(line);
      Thread.sleep(20);
    }
  }

  private static void busy() throws InterruptedException {
    for (long work = 0; true; work++) {
      say("{\"event\":\"heartbeat\",\"work\":" + work + "}");
      Thread.sleep(20);
    }
  }

  private static void exhaustHeap() {
    List<long[]> kept = new ArrayList<>();
    while (true) {
      kept.add(new long[1 << 20]);
    }
  }

  private static void fillMemory() throws InterruptedException {
    List<java.nio.ByteBuffer> kept = new ArrayList<>();
    for (long work = 0; true; work++) {
      say("{\"event\":\"heartbeat\",\"work\":" + work + "}");
      if (kept.size() < 100) {
        // Allocation zeroes the buffer, so its pages become resident.
        kept.add(java.nio.ByteBuffer.allocateDirect(4 << 20));
      }
      Thread.sleep(10);
    }
  }
}
