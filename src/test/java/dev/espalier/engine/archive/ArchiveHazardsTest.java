package dev.espalier.engine.archive;

import static dev.espalier.contract.ReasonCode.ARCHIVE_BOMB;
import static dev.espalier.contract.ReasonCode.ARCHIVE_ENTRY_NOT_ALLOWED;
import static dev.espalier.contract.ReasonCode.ARCHIVE_MALFORMED;
import static dev.espalier.contract.ReasonCode.FORMAT_UNKNOWN;

import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.format.Hazard;
import dev.espalier.engine.format.RawZip;
import dev.espalier.engine.format.RawZip.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Archives that lie, hide or explode. */
@Timeout(10)
public class ArchiveHazardsTest {
  private static final byte[] JSON = "{\"confs\":[]}".getBytes();
  private static final byte[] END_MAGIC = {'P', 'K', 5, 6, 0, 0, 0, 0, 0, 0};
  private static final long SYMLINK = 0xA1FFL << 16;
  private static final int ENCRYPTED = 1;
  private static final int BOMB_BYTES = 128 << 20;

  @TempDir Path directory;

  /** All of them. */
  public static Stream<Hazard> hazards() {
    return Stream.concat(archives(), others().map(hazard -> hazard.as(ModelFormat.DL4J)));
  }

  static Stream<Hazard> archives() {
    Entry json = Entry.of("configuration.json", JSON);
    return Stream.of(
        new Hazard("truncated", ARCHIVE_MALFORMED, () -> cut(new RawZip().add(json).bytes())),
        new Hazard("end record only", ARCHIVE_MALFORMED, () -> END_MAGIC),
        new Hazard("bytes behind", ARCHIVE_MALFORMED, () -> padded(new RawZip().add(json).bytes())),
        new Hazard("zip64", ARCHIVE_MALFORMED, () -> new RawZip().add(json).bytes(0xFFFF)),
        new Hazard(
            "encrypted",
            ARCHIVE_MALFORMED,
            () -> new RawZip().add(json.flagged(ENCRYPTED)).bytes()),
        new Hazard("duplicate", ARCHIVE_MALFORMED, () -> new RawZip().add(json).add(json).bytes()),
        new Hazard(
            "entry only in the stream",
            ARCHIVE_MALFORMED,
            () -> new RawZip().addToStream(Entry.of("preprocessor.bin", JSON)).add(json).bytes()),
        new Hazard(
            "entry only in the directory",
            ARCHIVE_MALFORMED,
            () ->
                new RawZip()
                    .add(json)
                    .addToDirectory(Entry.of("coefficients.bin", JSON), 0)
                    .bytes()),
        new Hazard(
            "parent path",
            ARCHIVE_ENTRY_NOT_ALLOWED,
            () -> new RawZip().add("../../x", JSON).bytes()),
        new Hazard(
            "absolute path", ARCHIVE_ENTRY_NOT_ALLOWED, () -> new RawZip().add("/x", JSON).bytes()),
        new Hazard(
            "name of 64 KiB",
            ARCHIVE_ENTRY_NOT_ALLOWED,
            () -> new RawZip().add("n".repeat(65_535), JSON).bytes()),
        new Hazard(
            "nested zip",
            ARCHIVE_ENTRY_NOT_ALLOWED,
            () -> new RawZip().add("model.zip", new RawZip().add(json).bytes()).bytes()),
        new Hazard(
            "symbolic link",
            ARCHIVE_ENTRY_NOT_ALLOWED,
            () -> new RawZip().add(json.attributed(SYMLINK)).bytes()),
        new Hazard(
            "serialised preprocessor",
            ARCHIVE_ENTRY_NOT_ALLOWED,
            () -> new RawZip().add(json).add("preprocessor.bin", JSON).bytes()),
        new Hazard("60,000 entries", ARCHIVE_BOMB, () -> new RawZip().add(json).bytes(60_000)),
        new Hazard(
            "zeros in an unused entry",
            ARCHIVE_BOMB,
            () -> new RawZip().add(json).add("updaterState.bin", new byte[BOMB_BYTES]).bytes()),
        new Hazard(
            "zeros in the configuration",
            ARCHIVE_BOMB,
            () -> new RawZip().add("configuration.json", new byte[10 << 20]).bytes()),
        new Hazard(
            "more bytes than claimed",
            ARCHIVE_MALFORMED,
            () ->
                new RawZip()
                    .add(Entry.of("configuration.json", new byte[BOMB_BYTES]).claiming(1_000))
                    .bytes()),
        new Hazard(
            "fewer bytes than claimed",
            ARCHIVE_MALFORMED,
            () -> new RawZip().add(json.claiming(1_000)).bytes()));
  }

  @ParameterizedTest
  @MethodSource("archives")
  void shouldRefuseWhenArchiveIs(Hazard hazard) throws IOException {
    hazard.mustBeRefused(directory, null);
  }

  @ParameterizedTest
  @MethodSource("others")
  void shouldRefuseWhenDeclaredArchiveIs(Hazard hazard) throws IOException {
    hazard.mustBeRefused(directory, ModelFormat.DL4J);
  }

  static Stream<Hazard> others() {
    return Stream.of(
        new Hazard("empty", ARCHIVE_MALFORMED, () -> new byte[0]),
        new Hazard("text", ARCHIVE_MALFORMED, () -> JSON),
        new Hazard("an ONNX model", FORMAT_UNKNOWN, () -> new byte[] {8, 7, 58, 0}));
  }

  private static byte[] cut(byte[] file) {
    return Arrays.copyOf(file, file.length / 2);
  }

  private static byte[] padded(byte[] file) {
    return Arrays.copyOf(file, file.length + 4);
  }
}
