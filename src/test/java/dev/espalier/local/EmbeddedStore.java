package dev.espalier.local;

import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A real S3 server (S3Proxy over a directory, signature version 4) as a child process on a free
 * port of the loopback. An object lies in the directory under its bucket and key.
 */
public final class EmbeddedStore implements AutoCloseable {
  /** Buckets of the demo: models and data sets come from the first two, results go to the last. */
  public static final List<String> BUCKETS = List.of("models", "datasets", "espalier");

  private static final String ACCESS_KEY = "espalier-local";

  private final ServerJvm server;
  private final Path objects;
  private final String secretKey;

  private EmbeddedStore(ServerJvm server, Path objects, String secretKey) {
    this.server = server;
    this.objects = objects;
    this.secretKey = secretKey;
  }

  /**
   * Starts a store that has the {@link #BUCKETS}.
   *
   * @param directory where the objects and the log file go; created when missing
   */
  public static EmbeddedStore start(Path directory) throws IOException {
    Path objects = Files.createDirectories(directory.resolve("store"));
    String secretKey = UUID.randomUUID().toString();
    ServerJvm server =
        ServerJvm.start(
            StoreMain.class,
            "256m",
            directory.resolve("store.log"),
            Map.of(StoreMain.SECRET_KEY, secretKey),
            objects.toString(),
            ACCESS_KEY);
    EmbeddedStore store = new EmbeddedStore(server, objects, secretKey);
    try {
      store.createBuckets(BUCKETS.toArray(String[]::new));
      return store;
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** Creates further buckets. */
  public void createBuckets(String... names) throws IOException {
    try {
      MinioClient client = client();
      for (String name : names) {
        client.makeBucket(MakeBucketArgs.builder().bucket(name).build());
      }
    } catch (MinioException | GeneralSecurityException e) {
      throw new IOException("buckets cannot be created", e);
    }
  }

  /** A client with the store's credentials. */
  public MinioClient client() {
    return MinioClient.builder().endpoint(endpoint()).credentials(ACCESS_KEY, secretKey).build();
  }

  /** The server's URL. */
  public String endpoint() {
    return server.address();
  }

  public String accessKey() {
    return ACCESS_KEY;
  }

  public String secretKey() {
    return secretKey;
  }

  /** The directory that holds the buckets. */
  public Path objects() {
    return objects;
  }

  /** Freezes the server; connections stay open and silent. */
  public void pause() throws IOException, InterruptedException {
    server.process().pause();
  }

  /** Wakes a paused server. */
  public void resume() throws IOException, InterruptedException {
    server.process().resume();
  }

  @Override
  public void close() {
    server.close();
  }
}
