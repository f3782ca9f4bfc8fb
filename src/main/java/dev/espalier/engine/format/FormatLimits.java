package dev.espalier.engine.format;

import dev.espalier.engine.archive.ArchiveLimits;

/**
 * Bounds on what a reader accepts before it believes anything a file says. All are inclusive.
 *
 * @param fileBytes size of the model file
 * @param nodes operators or layers, those of nested graphs included
 * @param tensors initializers and tensor attributes, those of nested graphs included
 * @param fields encoded protobuf fields, or JSON values, in the whole file; bounds the heap that
 *     parsing can take where a file consists of many tiny parts
 * @param depth nesting of graphs within graphs; 0 allows only the main graph
 * @param rank dimensions of a tensor
 * @param archive bounds of zip files
 */
public record FormatLimits(
    long fileBytes,
    int nodes,
    int tensors,
    int fields,
    int depth,
    int rank,
    ArchiveLimits archive) {

  /** Bounds that every model Espalier can prune in a few gigabytes of memory stays well within. */
  public static FormatLimits defaults() {
    return new FormatLimits(
        1L << 31,
        20_000,
        50_000,
        4_000_000,
        8,
        8,
        new ArchiveLimits(16, 1L << 32, 200, 1 << 26, 1 << 23, false));
  }
}
