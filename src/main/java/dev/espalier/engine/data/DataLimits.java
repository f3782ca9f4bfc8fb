package dev.espalier.engine.data;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

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
   * The limits of this process: arrays live in direct buffers, and half of what the JVM allows for
   * those stays free for the model and the runtimes.
   */
  public static DataLimits ofThisProcess() {
    return new DataLimits(directMemory() / 2, MAX_ENTRIES, MAX_RATIO, RATIO_FROM);
  }

  /** Bytes that direct buffers may take: as the JVM was told, or else as much as its heap. */
  private static long directMemory() {
    HotSpotDiagnosticMXBean options =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long told = Long.parseLong(options.getVMOption("MaxDirectMemorySize").getValue());
    return told > 0 ? told : Runtime.getRuntime().maxMemory();
  }
}
