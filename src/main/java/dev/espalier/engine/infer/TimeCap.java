package dev.espalier.engine.infer;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Ends a run of ONNX Runtime when its time is over. */
final class TimeCap implements AutoCloseable {
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private final CompletableFuture<Void> watch;

  TimeCap(RunOptions options, Duration cap) {
    watch =
        finished
            .orTimeout(cap.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(
                late -> {
                  terminate(options);
                  return null;
                });
  }

  private static void terminate(RunOptions options) {
    try {
      options.setTerminate(true);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot be told to stop", e);
    }
  }

  /** Whether the time was over before this was closed. */
  boolean exceeded() {
    return finished.isCompletedExceptionally();
  }

  /** Stops watching; the run's options are not touched afterwards. */
  @Override
  public void close() {
    finished.complete(null);
    watch.join();
  }
}
