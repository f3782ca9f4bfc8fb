package dev.espalier.worker.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Waits faults of the store out: an outage stops work and never decides it. Pauses double from
 * {@code first} to {@code longest}, each shortened at random by up to half, for as long as it
 * takes; only answers, and an interrupt, come back.
 */
final class PatientObjectStore implements ObjectStore {
  private static final Logger LOG = Logger.getLogger(PatientObjectStore.class);

  private final ObjectStore store;
  private final Duration first;
  private final Duration longest;

  PatientObjectStore(ObjectStore store, Duration first, Duration longest) {
    this.store = store;
    this.first = first;
    this.longest = longest;
  }

  /**
   * {@inheritDoc}
   *
   * <p>A fault may hide that the object was written. When the repetition then finds another than
   * expected, its content decides; callers therefore write content that no other caller writes, or
   * content for which it does not matter who wrote it.
   */
  @Override
  public boolean replace(S3Uri at, byte @Nullable [] expected, byte[] content) throws IOException {
    boolean[] uncertain = new boolean[1];
    boolean written =
        retrying(
            () -> {
              try {
                return store.replace(at, expected, content);
              } catch (IOException e) {
                uncertain[0] = true;
                throw e;
              }
            });
    return written || (uncertain[0] && holds(at, content));
  }

  private boolean holds(S3Uri at, byte[] content) throws IOException {
    try {
      return read(at, content.length).filter(found -> Arrays.equals(found, content)).isPresent();
    } catch (ObjectTooLargeException e) {
      return false;
    }
  }

  @Override
  public void upload(Path file, S3Uri to) throws IOException {
    retrying(
        () -> {
          store.upload(file, to);
          return true;
        });
  }

  @Override
  public Optional<byte[]> read(S3Uri from, int maxBytes) throws IOException {
    return retrying(() -> store.read(from, maxBytes));
  }

  @Override
  public Downloaded download(S3Uri from, Path to, long maxBytes) throws IOException {
    return retrying(() -> store.download(from, to, maxBytes));
  }

  @Override
  public List<S3Uri> list(S3Uri prefix, int limit) throws IOException {
    return retrying(() -> store.list(prefix, limit));
  }

  private interface Request<T> {
    T send() throws IOException;
  }

  private <T> T retrying(Request<T> request) throws IOException {
    for (Duration pause = first; ; pause = longer(pause)) {
      try {
        return request.send();
      } catch (FileSystemException | InterruptedIOException e) {
        if (Thread.currentThread().isInterrupted() || e instanceof FileSystemException) {
          throw e;
        }
        // A socket timeout is an InterruptedIOException as well: a fault like any other.
        waitOut(e, pause);
      } catch (IOException e) {
        waitOut(e, pause);
      }
    }
  }

  private Duration longer(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(longest) < 0 ? doubled : longest;
  }

  private static void waitOut(IOException fault, Duration pause) throws InterruptedIOException {
    LOG.warnf("Object store fault, trying again: pause=%s cause=%s", pause, fault.getMessage());
    long millis = pause.toMillis();
    try {
      Thread.sleep(millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the object store was away");
    }
  }
}
