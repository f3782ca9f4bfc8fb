package dev.espalier.worker.storage;

import dev.espalier.contract.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Objects by address. An object becomes visible whole or not at all, and every method sees what was
 * written before it was called.
 *
 * <p>Answers and faults are told apart by type: {@link java.nio.file.FileSystemException} and its
 * subclasses are answers (or trouble with the local disk) that asking again does not change; any
 * other {@link IOException} is a fault of network, server or credentials.
 */
public interface ObjectStore {

  /**
   * Creates a small object unless there is one: of any number of callers, anywhere, exactly one is
   * told that it created the object.
   *
   * @return whether this call created it; after a fault, the object may or may not exist
   */
  default boolean createExclusive(S3Uri at, byte[] content) throws IOException {
    return replace(at, null, content);
  }

  /**
   * Writes a small object if it is as expected. Creation is decided for certain (see {@link
   * #createExclusive}); replacements of the same content at the same moment are by servers that
   * decide conditions atomically: S3Proxy was seen to let two of sixteen through. So nothing that
   * must hold may rest on them.
   *
   * @param expected what there is, or null for nothing; an object may have been another meanwhile
   * @return whether this call wrote; after a fault, it may or may not have
   */
  boolean replace(S3Uri at, byte @Nullable [] expected, byte[] content) throws IOException;

  /** Writes a file of any size, over an object of this address if there is one. */
  void upload(Path file, S3Uri to) throws IOException;

  /**
   * Reads a small object.
   *
   * @return its content; empty when there is none
   * @throws ObjectTooLargeException above {@code maxBytes}
   */
  Optional<byte[]> read(S3Uri from, int maxBytes) throws IOException;

  /**
   * Copies an object to a new file, hashing on the way. The size is checked before the first byte
   * is read, and what is read is the version that was checked.
   *
   * @throws java.nio.file.NoSuchFileException when there is no such object
   * @throws ObjectTooLargeException above {@code maxBytes}
   * @throws ObjectChangedException when it was replaced meanwhile
   */
  Downloaded download(S3Uri from, Path to, long maxBytes) throws IOException;

  /**
   * Addresses that start with a prefix, in no particular order, nested ones included.
   *
   * @param limit the largest number listed, 1 to 1,000; there may be more
   */
  List<S3Uri> list(S3Uri prefix, int limit) throws IOException;

  /** What {@link #download} wrote. */
  record Downloaded(long bytes, Sha256 sha256) {}
}
