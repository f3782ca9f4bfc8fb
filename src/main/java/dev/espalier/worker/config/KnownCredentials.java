package dev.espalier.worker.config;

import java.util.Set;

/**
 * Credentials that are no secret: what object stores come with, what their manuals show, and what
 * the demo makes for itself.
 */
final class KnownCredentials {
  /** What every key starts with that {@code docker-compose.yml} makes. */
  static final String DEMO_PREFIX = "espalier-demo-";

  /** Secret keys of MinIO, RustFS, CloudServer, s3rver, LocalStack, S3Proxy, Ceph and AWS. */
  private static final Set<String> PUBLISHED =
      Set.of(
          "minioadmin",
          "minio123",
          "rustfsadmin",
          "verySecretKey1",
          "S3RVER",
          "test",
          "local-credential",
          "h7GhxuBLTrlhVUyxSPUKUV8r/2EI4ngqBxJD7iBdBYLhwluN30JaT3Q==",
          "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
          "password",
          "changeme");

  private KnownCredentials() {}

  /** Whether others may know this secret key. */
  static boolean holds(String secretKey) {
    return secretKey.startsWith(DEMO_PREFIX) || PUBLISHED.contains(secretKey);
  }
}
