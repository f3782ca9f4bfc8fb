package dev.espalier.worker.storage;

import java.util.List;

/**
 * The objects that events may name: those of a bucket, {@code bucket}, or those below a key prefix,
 * {@code bucket/prefix}. A prefix stands for whole path segments: {@code models/team} allows {@code
 * s3://models/team/a} and not {@code s3://models/team-b/a}.
 */
public final class AllowedAddresses {
  private final List<String> prefixes;

  private AllowedAddresses(List<String> prefixes) {
    this.prefixes = prefixes;
  }

  /** The addresses that entries allow. */
  public static AllowedAddresses of(List<String> entries) {
    return new AllowedAddresses(
        entries.stream().map(entry -> "s3://" + entry + (entry.endsWith("/") ? "" : "/")).toList());
  }

  /** Whether an event may name it. */
  public boolean allow(S3Uri uri) {
    return prefixes.stream().anyMatch(uri.toString()::startsWith);
  }
}
