package dev.espalier.worker.storage;

import java.nio.file.FileSystemException;

/** The object was replaced between the look at its size and the end of the read. */
public final class ObjectChangedException extends FileSystemException {
  /** For an object that is no longer the one first seen. */
  public ObjectChangedException(S3Uri object) {
    super(object.toString(), null, "replaced while it was read");
  }
}
