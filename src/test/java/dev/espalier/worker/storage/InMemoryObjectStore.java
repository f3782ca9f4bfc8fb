package dev.espalier.worker.storage;

import dev.espalier.contract.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A store for unit tests; it passes the same contract test as the real one. */
public final class InMemoryObjectStore implements ObjectStore {
  private final ConcurrentMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  @Override
  public boolean replace(S3Uri at, byte @Nullable [] expected, byte[] content) {
    byte[] found = objects.get(at.toString());
    if (expected == null) {
      return objects.putIfAbsent(at.toString(), content.clone()) == null;
    }
    return Arrays.equals(found, expected) && objects.replace(at.toString(), found, content.clone());
  }

  @Override
  public void upload(Path file, S3Uri to) throws IOException {
    objects.put(to.toString(), Files.readAllBytes(file));
  }

  @Override
  public Optional<byte[]> read(S3Uri from, int maxBytes) throws IOException {
    byte[] content = objects.get(from.toString());
    if (content != null && content.length > maxBytes) {
      throw new ObjectTooLargeException(from, content.length, maxBytes);
    }
    return Optional.ofNullable(content).map(byte[]::clone);
  }

  @Override
  public Downloaded download(S3Uri from, Path to, long maxBytes) throws IOException {
    byte[] content = objects.get(from.toString());
    if (content == null) {
      throw new NoSuchFileException(from.toString());
    }
    if (content.length > maxBytes) {
      throw new ObjectTooLargeException(from, content.length, maxBytes);
    }
    Files.write(to, content);
    return new Downloaded(content.length, Sha256.of(content));
  }

  @Override
  public List<S3Uri> list(S3Uri prefix, int limit) {
    return objects.keySet().stream()
        .filter(object -> object.startsWith(prefix.toString()))
        .limit(limit)
        .map(object -> S3Uri.parse("object", object))
        .toList();
  }
}
