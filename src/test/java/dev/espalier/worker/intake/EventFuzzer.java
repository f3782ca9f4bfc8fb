package dev.espalier.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.fuzz.Memory;
import dev.espalier.worker.publish.Marks;
import dev.espalier.worker.storage.InMemoryObjectStore;
import dev.espalier.worker.storage.Keys;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import java.io.IOException;
import java.util.Map;

/** Records of the input topic: the first line is the content type, the rest is the value. */
public final class EventFuzzer {
  private EventFuzzer() {}

  /** Called by Jazzer: loading classes counts towards no input's time. */
  public static void fuzzerInitialize() throws IOException {
    Memory.warmUp();
    fuzzerTestOneInput(new byte[0]);
  }

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Memory.executing();
    String[] parts = new String(input, UTF_8).split("\n", 2);
    Map<String, String> headers = Records.headersWith("content-type", parts[0]);
    ObjectStore store = new InMemoryObjectStore();
    ObjectKeys keys = Keys.in("espalier");
    Admission admission = new Admission(store, keys, Marks.in(store, keys));
    admission.decide(Records.record(headers, parts.length == 1 ? null : parts[1]));
  }

  /** Called by Jazzer. */
  public static void fuzzerTearDown() {
    Memory.report();
  }
}
