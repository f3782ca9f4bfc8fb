package dev.espalier.worker.storage;

/** Gives tests of other packages what the container gives their subjects. */
public final class Keys {
  private Keys() {}

  /** Keys at the root of a bucket. */
  public static ObjectKeys in(String bucket) {
    return new ObjectKeys(bucket, "");
  }
}
