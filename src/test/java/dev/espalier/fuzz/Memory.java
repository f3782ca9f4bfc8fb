package dev.espalier.fuzz;

import dev.espalier.contract.ContractJson;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** Reports, at the end of a fuzzing process, how what it holds has grown. */
public final class Memory {
  private static final int WARM = 2_000;

  private static long executions;
  private static long atFirst = -1;

  private Memory() {}

  /** Loads what most readers use. */
  public static void warmUp() {
    ContractJson.mapper();
  }

  /** Called before every execution. */
  public static void executing() {
    if (++executions == WARM) {
      atFirst = held();
    }
  }

  /** Called when the process ends. */
  public static void report() {
    System.err.printf(
        "espalier-fuzz: executions=%d held-bytes-after-%d=%d held-bytes-at-end=%d%n",
        executions, WARM, atFirst, held());
  }

  private static long held() {
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    return heap
        + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
  }
}
