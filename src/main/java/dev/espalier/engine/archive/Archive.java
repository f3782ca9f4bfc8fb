package dev.espalier.engine.archive;

import static dev.espalier.contract.ReasonCode.ARCHIVE_BOMB;
import static dev.espalier.contract.ReasonCode.ARCHIVE_MALFORMED;

import dev.espalier.contract.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/** A zip file with only the entries its user expects, opened and checked before any is inflated. */
public final class Archive implements AutoCloseable {
  /** 258 bytes out of 2 bits (RFC 1951). */
  private static final long LARGEST_RATIO = 1032;

  private final FileChannel file;
  private final ZipStructure structure;
  private final Map<String, ArchiveEntry> entries = new LinkedHashMap<>();

  private Archive(FileChannel file, ArchiveLimits limits) {
    this.file = file;
    this.structure = new ZipStructure(file, limits.zip64());
  }

  /**
   * Opens a zip file.
   *
   * @param allowed exact names of the entries there may be
   * @throws IOException when the file cannot be read
   * @throws Refusal with {@code archive-malformed}, {@code archive-entry-not-allowed} or {@code
   *     archive-bomb}
   */
  public static Archive open(Path file, Set<String> allowed, ArchiveLimits limits)
      throws IOException {
    return open(file, allowed::contains, "only " + allowed.stream().sorted().toList(), limits);
  }

  /**
   * Opens a zip file whose entries are not known by name.
   *
   * @param allowed tells whether there may be an entry of a name
   * @param described what it allows, for the message
   */
  public static Archive open(
      Path file, Predicate<String> allowed, String described, ArchiveLimits limits)
      throws IOException {
    Archive archive = new Archive(FileChannel.open(file), limits);
    try {
      archive.load(new AllowedEntries(allowed, described), limits);
      return archive;
    } catch (IOException | RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  private void load(AllowedEntries allowed, ArchiveLimits limits) throws IOException {
    long left = limits.inflatedBytes();
    for (ArchiveEntry entry : structure.entries(limits.entries())) {
      allowed.require(entry);
      boolean tooDense =
          entry.inflated() > limits.ratioFromBytes()
              && entry.inflated() / limits.ratio() > entry.compressed();
      if (entry.inflated() > left || tooDense) {
        throw new Refusal(
            ARCHIVE_BOMB,
            "entry '%s' would inflate from %,d to %,d bytes; at most %d-fold and %,d bytes in all"
                .formatted(
                    entry.shortName(),
                    entry.compressed(),
                    entry.inflated(),
                    limits.ratio(),
                    limits.inflatedBytes()));
      }
      left -= entry.inflated();
      if (entries.put(entry.name(), entry) != null) {
        throw new Refusal(ARCHIVE_MALFORMED, "the archive holds '" + entry.shortName() + "' twice");
      }
    }
  }

  /** Names of the entries, in the archive's order. */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /** Whether there is an entry of that name. */
  public boolean has(String name) {
    return entries.containsKey(name);
  }

  /**
   * The inflated bytes of an entry, CRC checked.
   *
   * @param most bytes accepted
   * @throws IllegalArgumentException when there is no such entry
   * @throws Refusal when the entry is larger or does not inflate to what the directory says
   */
  public byte[] read(String name, long most) throws IOException {
    ArchiveEntry entry = entry(name);
    if (entry.inflated() > most) {
      throw new Refusal(
          ARCHIVE_BOMB,
          "entry '%s' has %,d bytes, at most %,d are read".formatted(name, entry.inflated(), most));
    }
    // Deflate cannot do better; what claims more is not worth an allocation.
    if (entry.inflated() / LARGEST_RATIO > entry.compressed()) {
      throw new Refusal(
          ARCHIVE_MALFORMED,
          "entry '%s' cannot inflate from %,d to %,d bytes"
              .formatted(entry.shortName(), entry.compressed(), entry.inflated()));
    }
    byte[] all = new byte[Math.toIntExact(entry.inflated())];
    try (InputStream in = stream(name)) {
      in.readNBytes(all, 0, all.length);
      // Reaching the end is what checks it.
      in.read();
    }
    return all;
  }

  /** Inflates an entry to check it, keeping nothing. */
  public void verify(String name) throws IOException {
    try (InputStream in = stream(name)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  /**
   * The inflated bytes of an entry, as they come. The stream never gives more bytes than {@link
   * #inflatedBytes}; reading its end throws a {@link Refusal} when size or CRC are not as promised.
   */
  public InputStream stream(String name) throws IOException {
    ArchiveEntry entry = entry(name);
    return new EntryStream(file, structure.dataOf(entry), entry);
  }

  /** Bytes of an entry after inflation, as the directory promises. */
  public long inflatedBytes(String name) {
    return entry(name).inflated();
  }

  /** Bytes that an entry takes in the file. */
  public long compressedBytes(String name) {
    return entry(name).compressed();
  }

  /**
   * Offset in the file of the bytes of an entry that is not compressed, so that they can be read by
   * position; empty when it is compressed.
   */
  public OptionalLong storedAt(String name) throws IOException {
    ArchiveEntry entry = entry(name);
    return entry.method() == ArchiveEntry.STORED
        ? OptionalLong.of(structure.dataOf(entry))
        : OptionalLong.empty();
  }

  /** Offset in the file of an entry's local header. */
  long headerOf(String name) {
    return entry(name).header();
  }

  private ArchiveEntry entry(String name) {
    ArchiveEntry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("no entry '" + name + "'");
    }
    return entry;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
