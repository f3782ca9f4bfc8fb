package dev.espalier.engine.data;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * Bounds on reading a data set.
 *
 * @param bytes most bytes the arrays of a data set may take in memory together; what does not fit
 *     is read by position
 * @param scratch directory of scratch files
 * @param scratchBytes most bytes those of a data set may take together; at most half of what is
 *     free on the disk is ever taken
 * @param entries most entries an archive may have
 * @param ratio most inflated bytes per archived byte, for arrays above {@code ratioFrom} bytes
 * @param ratioFrom size in bytes from which the ratio is held against an array: small arrays of
 *     labels or padding compress without bound and harm nobody
 */
public record DataLimits(
    long bytes, Path scratch, long scratchBytes, int entries, int ratio, long ratioFrom) {
  private static final int MAX_ENTRIES = 256;
  private static final int MAX_RATIO = 250;
  private static final long MAX_SCRATCH = 1L << 38;
  private static final long RATIO_FROM = 64L << 20;

  /**
   * The limits of this process: a job has up to two data sets, and two thirds of what the JVM
   * allows for direct buffers stay free for the model and the runtimes.
   *
   * @param scratch directory of scratch files
   */
  public static DataLimits ofThisProcess(Path scratch) {
    return new DataLimits(
        directMemory() / 6, scratch, MAX_SCRATCH, MAX_ENTRIES, MAX_RATIO, RATIO_FROM);
  }

  /** Bytes that direct buffers may take: as the JVM was told, or else as much as its heap. */
  private static long directMemory() {
    HotSpotDiagnosticMXBean options =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long told = Long.parseLong(options.getVMOption("MaxDirectMemorySize").getValue());
    return told > 0 ? told : Runtime.getRuntime().maxMemory();
  }
}
