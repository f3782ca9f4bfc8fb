package dev.espalier.engine.archive;

import static dev.espalier.contract.ReasonCode.ARCHIVE_BOMB;
import static dev.espalier.contract.ReasonCode.ARCHIVE_ENTRY_NOT_ALLOWED;
import static dev.espalier.contract.ReasonCode.ARCHIVE_MALFORMED;

import dev.espalier.contract.Refusal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A zip file with only the entries its user expects, opened and checked before any is inflated. */
public final class Archive implements AutoCloseable {
  private final FileChannel file;
  private final ZipStructure structure;
  private final Map<String, ArchiveEntry> entries = new LinkedHashMap<>();

  private Archive(FileChannel file) {
    this.file = file;
    this.structure = new ZipStructure(file);
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
    Archive archive = new Archive(FileChannel.open(file));
    try {
      archive.load(allowed, limits);
      return archive;
    } catch (IOException | RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  private void load(Set<String> allowed, ArchiveLimits limits) throws IOException {
    long inflated = 0;
    for (ArchiveEntry entry : structure.entries(limits.entries())) {
      requireAllowed(entry, allowed);
      inflated += entry.inflated();
      boolean tooDense =
          entry.inflated() > limits.ratioFromBytes()
              && entry.inflated() / limits.ratio() > entry.compressed();
      if (inflated > limits.inflatedBytes() || tooDense) {
        throw new Refusal(
            ARCHIVE_BOMB,
            "entry '%s' would inflate from %,d to %,d bytes; at most %d-fold and %,d bytes in all"
                .formatted(
                    entry.name(),
                    entry.compressed(),
                    entry.inflated(),
                    limits.ratio(),
                    limits.inflatedBytes()));
      }
      if (entries.put(entry.name(), entry) != null) {
        throw new Refusal(ARCHIVE_MALFORMED, "the archive holds '" + entry.name() + "' twice");
      }
    }
  }

  private static void requireAllowed(ArchiveEntry entry, Set<String> allowed) {
    if (!allowed.contains(entry.name()) || !entry.isRegularFile()) {
      throw new Refusal(
          ARCHIVE_ENTRY_NOT_ALLOWED,
          "the archive holds '%s'%s; allowed are only the plain files %s"
              .formatted(
                  entry.name().length() > 100 ? entry.name().substring(0, 100) : entry.name(),
                  entry.isRegularFile() ? "" : ", which is not a plain file",
                  allowed.stream().sorted().toList()));
    }
    boolean stored = entry.method() == ArchiveEntry.STORED;
    if (entry.isEncrypted()
        || (stored && (entry.hasDescriptor() || entry.compressed() != entry.inflated()))
        || (!stored && entry.method() != ArchiveEntry.DEFLATED)) {
      throw new Refusal(
          ARCHIVE_MALFORMED,
          "entry '" + entry.name() + "' is encrypted or compressed in a way that is not supported");
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
    return new EntryInflater(file, structure.dataOf(entry), entry).read();
  }

  /** Inflates an entry to check it, keeping nothing. */
  public void verify(String name) throws IOException {
    ArchiveEntry entry = entry(name);
    new EntryInflater(file, structure.dataOf(entry), entry).verify();
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
