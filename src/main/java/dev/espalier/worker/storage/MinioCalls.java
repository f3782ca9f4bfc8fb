package dev.espalier.worker.storage;

import dev.espalier.worker.telemetry.StoreOperation;
import dev.espalier.worker.telemetry.StoreOutcome;
import dev.espalier.worker.telemetry.WorkerMetrics;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.time.Duration;

/** Runs a client call, measures it, and turns the client's exceptions into the port's terms. */
final class MinioCalls {
  private static final int PRECONDITION_FAILED = 412;
  private static final int NOT_FOUND = 404;

  private final WorkerMetrics metrics;

  MinioCalls(WorkerMetrics metrics) {
    this.metrics = metrics;
  }

  /** What the server said. */
  enum Answer {
    DONE,
    MISSING,
    CONDITION_FAILED
  }

  /** A call of the client. */
  interface Call {
    void run() throws Exception;
  }

  /** Runs a call for which only success is an answer. */
  void require(StoreOperation operation, S3Uri object, Call call) throws IOException {
    Answer answer = run(operation, object, call);
    if (answer != Answer.DONE) {
      throw new IOException(operation + " of " + object + " was answered " + answer);
    }
  }

  /**
   * Runs a call.
   *
   * @throws FileSystemException from the local disk
   * @throws InterruptedIOException when the thread was interrupted; its flag is set again
   * @throws IOException for every fault, with the client's exception as its cause
   */
  Answer run(StoreOperation operation, S3Uri object, Call call) throws IOException {
    long start = System.nanoTime();
    StoreOutcome outcome = StoreOutcome.ERROR;
    try {
      call.run();
      outcome = StoreOutcome.OK;
      return Answer.DONE;
    } catch (ErrorResponseException e) {
      Answer answer = answer(object, e);
      outcome = answer == Answer.MISSING ? StoreOutcome.MISSING : StoreOutcome.EXISTS;
      return answer;
    } catch (IOException e) {
      throw e;
    } catch (MinioException | GeneralSecurityException e) {
      throw new IOException("the object store failed on " + object, e);
    } catch (InterruptedException e) {
      throw interrupted(object);
    } catch (RuntimeException e) {
      throw fault(object, e);
    } catch (Exception e) {
      throw new IOException("the object store failed on " + object, e);
    } finally {
      metrics.storeRequest(operation, outcome, Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private static Answer answer(S3Uri object, ErrorResponseException e) throws IOException {
    int status = e.response().code();
    String code = e.errorResponse().code();
    if ("NoSuchBucket".equals(code)) {
      throw new NoSuchFileException(object.toString(), null, "there is no such bucket");
    }
    if (status == NOT_FOUND) {
      return Answer.MISSING;
    }
    if (status == PRECONDITION_FAILED) {
      return Answer.CONDITION_FAILED;
    }
    // 409 (a concurrent conditional write is not decided yet) is a fault too: asking again helps.
    throw new IOException("the object store answered " + status + " " + code + " on " + object, e);
  }

  /** The client's synchronous calls wait for asynchronous ones and wrap what those threw. */
  private static IOException fault(S3Uri object, RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException) {
        return interrupted(object);
      }
      if (cause instanceof IOException io && !(cause instanceof FileSystemException)) {
        return new IOException("the object store failed on " + object, io);
      }
    }
    throw e;
  }

  private static InterruptedIOException interrupted(S3Uri object) {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted at " + object);
  }
}
