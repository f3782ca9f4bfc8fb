package dev.espalier.worker.publish;

import dev.espalier.worker.config.NoFaults;
import dev.espalier.worker.storage.InMemoryObjectStore;
import dev.espalier.worker.storage.Keys;
import dev.espalier.worker.telemetry.TestMetrics;
import dev.espalier.worker.telemetry.TestTraces;

/** Gives tests of other packages what the container gives their subjects. */
public final class Announcers {
  private Announcers() {}

  public static Announcer create() {
    return new Announcer(
        NoFaults.points(),
        new AnnouncedMarks(new InMemoryObjectStore(), Keys.in("espalier")),
        TestMetrics.create(),
        TestTraces.off());
  }
}
