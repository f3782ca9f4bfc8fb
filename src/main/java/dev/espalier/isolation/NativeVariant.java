package dev.espalier.isolation;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * Builds of the training kernels. JavaCPP would take the fastest it finds without asking the CPU,
 * which ends with an illegal instruction on an old one; so the choice is made here.
 */
public enum NativeVariant {
  /** Runs on every x86-64. */
  BASE(""),
  /** oneDNN convolutions; needs AVX2, FMA and BMI2. */
  AVX2("-onednn-avx2");

  private final String extension;

  NativeVariant(String extension) {
    this.extension = extension;
  }

  /** Value of JavaCPP's {@code platform.extension}. */
  public String extension() {
    return extension;
  }

  /** The fastest build for this CPU, as HotSpot has found it. */
  public static NativeVariant best() {
    HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    try {
      boolean capable =
          Integer.parseInt(vm.getVMOption("UseAVX").getValue()) >= 2
              && Boolean.parseBoolean(vm.getVMOption("UseFMA").getValue())
              && Boolean.parseBoolean(vm.getVMOption("UseBMI2Instructions").getValue());
      return capable ? AVX2 : BASE;
    } catch (IllegalArgumentException e) {
      // Not an x86 JVM, or not HotSpot: these flags do not exist there.
      return BASE;
    }
  }
}
