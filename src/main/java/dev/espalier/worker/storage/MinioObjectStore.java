package dev.espalier.worker.storage;

import dev.espalier.contract.Sha256;
import dev.espalier.worker.storage.MinioCalls.Answer;
import dev.espalier.worker.telemetry.StoreOperation;
import dev.espalier.worker.telemetry.WorkerMetrics;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.UploadObjectArgs;
import io.minio.messages.Item;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The port on plain S3: one try per call, no vendor extension. Exclusive creation is a single-part
 * {@code PUT} with {@code If-None-Match: *}, replacement one with {@code If-Match} and the entity
 * tag (RFC 9110 sections 13.1.2 and 13.1.1); multipart uploads never carry a condition, because
 * servers were seen to ignore it.
 */
final class MinioObjectStore implements ObjectStore {
  private static final long PART_BYTES = 64L << 20;
  private static final String CONTENT_TYPE = "application/octet-stream";

  private final MinioClient client;
  private final MinioCalls calls;
  private final WorkerMetrics metrics;

  MinioObjectStore(MinioClient client, WorkerMetrics metrics) {
    this.client = client;
    this.calls = new MinioCalls(metrics);
    this.metrics = metrics;
  }

  @Override
  public boolean replace(S3Uri at, byte @Nullable [] expected, byte[] content) throws IOException {
    if (expected == null) {
      return put(at, "If-None-Match", "*", content);
    }
    Optional<String> tag = tagOf(at, expected);
    if (tag.isEmpty()) {
      return false;
    }
    if (put(at, "If-Match", tag.get(), content)) {
      return true;
    }
    // Ceph compares what the header holds, quotes and all, with its tag, which has none (16.2).
    return tagOf(at, expected).equals(tag)
        && put(at, "If-Match", tag.get().replace("\"", ""), content);
  }

  private boolean put(S3Uri at, String condition, String value, byte... content)
      throws IOException {
    PutObjectArgs put =
        PutObjectArgs.builder()
            .bucket(at.bucket())
            .object(at.key())
            .contentType(CONTENT_TYPE)
            .extraHeaders(Map.of(condition, value))
            .stream(new ByteArrayInputStream(content), content.length, -1)
            .build();
    return calls.run(StoreOperation.CREATE, at, () -> client.putObject(put)) == Answer.DONE;
  }

  /** The entity tag of an object with that content; empty when there is none. */
  private Optional<String> tagOf(S3Uri object, byte... content) throws IOException {
    GetObjectArgs get =
        GetObjectArgs.builder().bucket(object.bucket()).object(object.key()).build();
    String[] tag = new String[1];
    calls.run(
        StoreOperation.READ,
        object,
        () -> {
          try (GetObjectResponse in = client.getObject(get)) {
            boolean same = Arrays.equals(in.readNBytes(content.length + 1), content);
            tag[0] = same ? in.headers().get("ETag") : null;
          }
        });
    return Optional.ofNullable(tag[0]);
  }

  /** What a browser that is given the object's address does with it. */
  private static String contentType(String key) {
    if (key.endsWith(".html")) {
      return "text/html; charset=utf-8";
    }
    if (key.endsWith(".json")) {
      return "application/json";
    }
    return key.endsWith(".md") ? "text/markdown; charset=utf-8" : CONTENT_TYPE;
  }

  @Override
  public void upload(Path file, S3Uri to) throws IOException {
    long bytes = Files.size(file);
    UploadObjectArgs put =
        UploadObjectArgs.builder()
            .bucket(to.bucket())
            .object(to.key())
            .contentType(contentType(to.key()))
            .filename(file.toString(), PART_BYTES)
            .build();
    calls.require(StoreOperation.UPLOAD, to, () -> client.uploadObject(put));
    metrics.artifactBytesOut(bytes);
  }

  @Override
  public Optional<byte[]> read(S3Uri from, int maxBytes) throws IOException {
    GetObjectArgs get = GetObjectArgs.builder().bucket(from.bucket()).object(from.key()).build();
    byte[][] content = new byte[1][];
    Answer answer =
        calls.run(
            StoreOperation.READ,
            from,
            () -> {
              try (InputStream in = client.getObject(get)) {
                content[0] = in.readNBytes(maxBytes + 1);
              }
            });
    if (answer == Answer.MISSING) {
      return Optional.empty();
    }
    if (content[0].length > maxBytes) {
      throw new ObjectTooLargeException(from, content[0].length, maxBytes);
    }
    return Optional.of(content[0]);
  }

  @Override
  public Downloaded download(S3Uri from, Path to, long maxBytes) throws IOException {
    StatObjectResponse seen = stat(from);
    if (seen.size() > maxBytes) {
      throw new ObjectTooLargeException(from, seen.size(), maxBytes);
    }
    GetObjectArgs get =
        GetObjectArgs.builder()
            .bucket(from.bucket())
            .object(from.key())
            .versionId(version(seen))
            .matchETag(seen.etag())
            .build();
    Downloaded[] downloaded = new Downloaded[1];
    Answer answer =
        calls.run(StoreOperation.DOWNLOAD, from, () -> downloaded[0] = copy(get, to, seen.size()));
    if (answer != Answer.DONE) {
      throw new ObjectChangedException(from);
    }
    metrics.artifactBytesIn(downloaded[0].bytes());
    return downloaded[0];
  }

  @Override
  public List<S3Uri> list(S3Uri prefix, int limit) throws IOException {
    ListObjectsArgs args =
        ListObjectsArgs.builder()
            .bucket(prefix.bucket())
            .prefix(prefix.key())
            .recursive(true)
            .maxKeys(limit)
            .build();
    List<S3Uri> found = new ArrayList<>();
    calls.require(
        StoreOperation.LIST,
        prefix,
        () -> {
          found.clear();
          for (Result<Item> item : client.listObjects(args)) {
            if (found.size() == limit) {
              break;
            }
            found.add(new S3Uri(prefix.bucket(), item.get().objectName()));
          }
        });
    return List.copyOf(found);
  }

  private StatObjectResponse stat(S3Uri from) throws IOException {
    StatObjectArgs head = StatObjectArgs.builder().bucket(from.bucket()).object(from.key()).build();
    StatObjectResponse[] seen = new StatObjectResponse[1];
    Answer answer = calls.run(StoreOperation.STAT, from, () -> seen[0] = client.statObject(head));
    if (answer != Answer.DONE) {
      throw new NoSuchFileException(from.toString());
    }
    return seen[0];
  }

  private Downloaded copy(GetObjectArgs get, Path to, long bytes) throws Exception {
    var digest = Sha256.newDigest();
    long written = 0;
    try (InputStream in = new DigestInputStream(client.getObject(get), digest);
        OutputStream out =
            Files.newOutputStream(
                to,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0 && written <= bytes; n = in.read(buffer)) {
        write(out, buffer, n, to);
        written += n;
      }
    }
    if (written != bytes) {
      throw new EOFException(written + " of " + bytes + " bytes came");
    }
    return new Downloaded(written, Sha256.of(digest));
  }

  /** A full disk here is no fault of the store, and asking the store again does not help. */
  private static void write(OutputStream out, byte[] bytes, int count, Path to)
      throws FileSystemException {
    try {
      out.write(bytes, 0, count);
    } catch (IOException e) {
      FileSystemException local = new FileSystemException(to.toString(), null, e.getMessage());
      local.initCause(e);
      throw local;
    }
  }

  private static @Nullable String version(StatObjectResponse seen) {
    String version = seen.versionId();
    return version == null || version.isEmpty() || version.equals("null") ? null : version;
  }
}
