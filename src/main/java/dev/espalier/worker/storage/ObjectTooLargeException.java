package dev.espalier.worker.storage;

import java.nio.file.FileSystemException;

/** The object is larger than the caller takes; nothing of it was read. */
public final class ObjectTooLargeException extends FileSystemException {
  /** The object's size and the largest size taken, both in bytes. */
  public ObjectTooLargeException(S3Uri object, long bytes, long maxBytes) {
    super(object.toString(), null, bytes + " bytes, at most " + maxBytes + " are taken");
  }
}
