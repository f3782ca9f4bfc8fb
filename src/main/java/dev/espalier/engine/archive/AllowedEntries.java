package dev.espalier.engine.archive;

import static dev.espalier.contract.ReasonCode.ARCHIVE_ENTRY_NOT_ALLOWED;
import static dev.espalier.contract.ReasonCode.ARCHIVE_MALFORMED;

import dev.espalier.contract.Refusal;
import java.util.function.Predicate;

/**
 * Which entries an archive may have: plain files of allowed names, stored or deflated.
 *
 * @param names tells whether a name is allowed
 * @param described what it allows, for the message
 */
record AllowedEntries(Predicate<String> names, String described) {

  void require(ArchiveEntry entry) {
    if (!names.test(entry.name()) || !entry.isRegularFile()) {
      throw new Refusal(
          ARCHIVE_ENTRY_NOT_ALLOWED,
          "the archive holds '%s'%s; allowed as plain files are %s"
              .formatted(
                  entry.shortName(),
                  entry.isRegularFile() ? "" : ", which is not a plain file",
                  described));
    }
    boolean stored = entry.method() == ArchiveEntry.STORED;
    if (entry.isEncrypted()
        || (stored && (entry.hasDescriptor() || entry.compressed() != entry.inflated()))
        || (!stored && entry.method() != ArchiveEntry.DEFLATED)) {
      throw new Refusal(
          ARCHIVE_MALFORMED,
          "entry '%s' is encrypted or compressed in a way that is not supported"
              .formatted(entry.shortName()));
    }
  }
}
