package dev.espalier.fuzz;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.data.DataLimits;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.ValueInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Data sets for a model of one input, [n, 2]. */
public final class NpzFuzzer {
  private static final Path FILE = Path.of("data.npz");
  private static final Graph MODEL =
      new Graph(
          13,
          List.of(new ValueInfo("in", DataType.FLOAT, List.of(-1L, 2L))),
          List.of(new ValueInfo("out", DataType.FLOAT, List.of(-1L, 2L))),
          List.of(),
          Map.of(),
          List.of());

  private NpzFuzzer() {}

  /** Called by Jazzer: loading classes counts towards no input's time. */
  public static void fuzzerInitialize() throws IOException {
    Memory.warmUp();
    fuzzerTestOneInput(new byte[0]);
  }

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Memory.executing();
    Files.write(FILE, Parts.zip(input, "x.npy", "y.npy", "z.npy"));
    try (Dataset data =
        Dataset.read(FILE, MODEL, null, null, DataLimits.ofThisProcess(Path.of("")))) {
      data.batch(0);
    } catch (Refusal refused) {
      // One of the two ends there may be.
    }
  }

  /** Called by Jazzer. */
  public static void fuzzerTearDown() {
    Memory.report();
  }
}
