package dev.espalier.engine.data;

/**
 * Bounds on reading a data set.
 *
 * @param bytes most bytes all arrays that are read may take in memory together
 * @param entries most entries an archive may have
 * @param ratio most inflated bytes per archived byte, for arrays above {@code ratioFrom} bytes
 * @param ratioFrom size in bytes from which the ratio is held against an array: small arrays of
 *     labels or padding compress without bound and harm nobody
 */
public record DataLimits(long bytes, int entries, int ratio, long ratioFrom) {
  private static final int MAX_ENTRIES = 256;
  private static final int MAX_RATIO = 250;
  private static final long RATIO_FROM = 64L << 20;

  /**
   * The limits of this process: arrays live in direct buffers, which the JVM bounds by its maximum
   * heap size; a quarter of that stays free for the model.
   */
  public static DataLimits ofThisProcess() {
    long direct = Runtime.getRuntime().maxMemory();
    return new DataLimits(direct - direct / 4, MAX_ENTRIES, MAX_RATIO, RATIO_FROM);
  }
}
