package dev.espalier.worker.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store whose next calls fail, before or after they took effect. */
public final class FaultyObjectStore implements ObjectStore {
  private final ObjectStore store = new InMemoryObjectStore();
  private int faults;
  private boolean afterEffect;

  /** Lets the next calls fail, before or after they took effect. */
  public void failNext(int calls, boolean afterTheyTookEffect) {
    faults = calls;
    afterEffect = afterTheyTookEffect;
  }

  @Override
  public boolean replace(S3Uri at, byte @Nullable [] expected, byte[] content) throws IOException {
    if (faults > 0 && !afterEffect) {
      fault();
    }
    boolean written = store.replace(at, expected, content);
    fault();
    return written;
  }

  @Override
  public void upload(Path file, S3Uri to) throws IOException {
    fault();
    store.upload(file, to);
  }

  @Override
  public Optional<byte[]> read(S3Uri from, int maxBytes) throws IOException {
    fault();
    return store.read(from, maxBytes);
  }

  @Override
  public Downloaded download(S3Uri from, Path to, long maxBytes) throws IOException {
    fault();
    return store.download(from, to, maxBytes);
  }

  @Override
  public List<S3Uri> list(S3Uri prefix, int limit) throws IOException {
    fault();
    return store.list(prefix, limit);
  }

  private void fault() throws IOException {
    if (faults > 0) {
      faults--;
      throw new IOException("503 SlowDown");
    }
  }
}
