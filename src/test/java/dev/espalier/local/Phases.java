package dev.espalier.local;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** Announces each phase of the demo and measures its wall time. */
final class Phases {
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private final Consumer<String> out;

  Phases(Consumer<String> out) {
    this.out = out;
  }

  /** Runs a phase. */
  <T> T time(String phase, Callable<T> work) throws Exception {
    out.accept(phase + " ...");
    long start = System.nanoTime();
    T result = work.call();
    double taken = (System.nanoTime() - start) / 1e9;
    seconds.put(phase, taken);
    out.accept(String.format(Locale.ROOT, "%s: %.1f s", phase, taken));
    return result;
  }

  /** Seconds of each phase so far, in order. */
  Map<String, Double> seconds() {
    return Collections.unmodifiableMap(seconds);
  }
}
