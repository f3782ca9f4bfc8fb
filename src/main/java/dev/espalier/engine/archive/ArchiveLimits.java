package dev.espalier.engine.archive;

/**
 * Bounds of a zip file. All are inclusive.
 *
 * @param entries number of entries
 * @param inflatedBytes inflated size of all entries together
 * @param ratio inflated over compressed size of an entry, once it has {@code ratioFromBytes}
 * @param ratioFromBytes inflated size up to which any ratio is fine: small sparse tensors compress
 *     extremely well
 * @param configurationBytes inflated size of a JSON entry
 * @param zip64 whether sizes and offsets may be written in the 64-bit form, which only files of
 *     more than 4 GiB need, and which NumPy writes always
 */
public record ArchiveLimits(
    int entries,
    long inflatedBytes,
    int ratio,
    long ratioFromBytes,
    int configurationBytes,
    boolean zip64) {}
