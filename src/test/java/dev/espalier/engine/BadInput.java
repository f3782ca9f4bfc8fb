package dev.espalier.engine;

import dev.espalier.contract.ModelFormat;
import dev.espalier.contract.ReasonCode;
import dev.espalier.engine.archive.ArchiveHazardsTest;
import dev.espalier.engine.data.DataHazards;
import dev.espalier.engine.format.Hazard;
import dev.espalier.engine.format.dl4j.Dl4jHazardsTest;
import dev.espalier.engine.format.keras.KerasHazardsTest;
import dev.espalier.engine.format.onnx.HardModels;
import dev.espalier.engine.format.onnx.OnnxHazardsTest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the bad-input list.
 *
 * @param group what it is a bad one of
 * @param name what is wrong with it
 * @param code the reason it must be refused with; null when it must work
 * @param content writes its file
 * @param declared the format that the sender declares; null when none
 */
record BadInput(
    Group group,
    String name,
    @Nullable ReasonCode code,
    Content content,
    @Nullable ModelFormat declared) {

  enum Group {
    ARCHIVE,
    DL4J,
    KERAS,
    ONNX,
    /** Models that can be read, and are pruned with sound data. */
    PRUNED_ONNX,
    DATA
  }

  /** Writes a file. */
  interface Content {
    void to(Path file) throws IOException;
  }

  /** Those that any process can look at. */
  static Stream<BadInput> small() {
    return Stream.of(
            of(Group.ARCHIVE, ArchiveHazardsTest.hazards()),
            of(Group.DL4J, Dl4jHazardsTest.hazards()),
            of(Group.DL4J, Dl4jHazardsTest.allowed()),
            of(Group.KERAS, KerasHazardsTest.hazards()),
            of(Group.KERAS, KerasHazardsTest.allowed()),
            of(Group.ONNX, OnnxHazardsTest.hazards()),
            of(Group.ONNX, OnnxHazardsTest.allowed()),
            Stream.of(fixture("mobile-fixed-batch.onnx"), fixture("transformer-16.onnx")),
            of(
                Group.PRUNED_ONNX,
                Stream.of(
                    new Hazard(
                        "everything inside an If",
                        ReasonCode.NOTHING_TO_PRUNE,
                        HardModels::everythingInsideAnIf),
                    new Hazard(
                        "2^40 elements on the way",
                        ReasonCode.DOES_NOT_FIT,
                        HardModels::hugeIntermediate))),
            of(Group.DATA, DataHazards.hazards()),
            of(Group.DATA, DataHazards.allowed()))
        .flatMap(inputs -> inputs);
  }

  private static BadInput fixture(String name) {
    Path fixture = Path.of("src/test/resources/fixtures/onnx", name);
    return new BadInput(Group.ONNX, name, null, file -> Files.copy(fixture, file), null);
  }

  private static Stream<BadInput> of(Group group, Stream<Hazard> hazards) {
    return hazards.map(
        hazard ->
            new BadInput(
                group,
                hazard.name(),
                hazard.code(),
                file -> Files.write(file, hazard.content().bytes()),
                hazard.declared()));
  }

  /** Those that would kill a careless process. */
  static Stream<BadInput> large() {
    return Stream.of(
        zeros("1.5 GiB of zeros in an unused entry", "updaterState.bin", 3L << 29),
        zeros("1.5 GiB of zeros for coefficients", "coefficients.bin", 3L << 29),
        zeros("500 MB of JSON", "configuration.json", 500_000_000),
        new BadInput(
            Group.ARCHIVE,
            "a million entries",
            ReasonCode.ARCHIVE_MALFORMED,
            BadInput::manyEntries,
            null),
        new BadInput(
            Group.ONNX,
            "a file of 3 GiB",
            ReasonCode.DOES_NOT_FIT,
            file -> {
              Files.write(file, new byte[] {8, 7});
              try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                sparse.setLength(3L << 30);
              }
            },
            null));
  }

  private static BadInput zeros(String name, String entry, long bytes) {
    return new BadInput(
        Group.ARCHIVE,
        name,
        ReasonCode.ARCHIVE_BOMB,
        file -> {
          try (ZipOutputStream zip = zip(file)) {
            zip.putNextEntry(new ZipEntry(entry));
            byte[] chunk = new byte[1 << 20];
            for (long left = bytes; left > 0; left -= chunk.length) {
              zip.write(chunk, 0, (int) Math.min(left, chunk.length));
            }
          }
        },
        null);
  }

  private static void manyEntries(Path file) throws IOException {
    try (ZipOutputStream zip = zip(file)) {
      zip.setLevel(0);
      for (int i = 0; i < 1_000_000; i++) {
        zip.putNextEntry(new ZipEntry(Integer.toString(i, Character.MAX_RADIX)));
      }
    }
  }

  private static ZipOutputStream zip(Path file) throws IOException {
    OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
    return new ZipOutputStream(out, StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return group + ": " + name;
  }
}
