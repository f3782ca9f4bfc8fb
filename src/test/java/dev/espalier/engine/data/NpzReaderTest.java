package dev.espalier.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzReaderTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures/npz");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"stored.npz", "deflated.npz", "fortran.npz", "big-endian.npz"})
  void shouldReadRowMajorLittleEndianWhenNumpyWroteIt(String file) throws IOException {
    Rows x = read(FIXTURES.resolve(file), "x");
    Rows y = read(FIXTURES.resolve(file), "y");

    float[] expected = new float[24];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = i / 8f;
    }
    assertThat(x.shape()).containsExactly(4, 2, 3);
    assertThat(values(x)).containsExactly(expected);
    assertThat(values(y)).containsExactly(0, 1, 2, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"half", "double", "byte", "signed", "int"})
  void shouldReadTheSameValuesWhenTheElementTypeDiffers(String array) throws IOException {
    Rows rows = read(FIXTURES.resolve("types.npz"), array);
    double unit = array.equals("half") || array.equals("double") ? 1 / 8.0 : 1;

    for (int i = 0; i < 24; i++) {
      assertThat(rows.elements().real(rows.load(i / 6) + i % 6)).isEqualTo(i * unit);
    }
  }

  @Test
  void shouldReadBooleansAsZeroAndOne() throws IOException {
    Rows array = read(FIXTURES.resolve("types.npz"), "bool");

    assertThat(array.type()).isEqualTo(ElementType.B1);
    assertThat(values(array)[8]).isZero();
    assertThat(values(array)[9]).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored.npz", "deflated.npz", "fortran.npz", "big-endian.npz"})
  void shouldReadTheSameByPositionWhenNothingFitsInMemory(String file) throws IOException {
    float[] expected = values(read(FIXTURES.resolve(file), "x"));

    try (NpzReader reader = NpzReader.open(FIXTURES.resolve(file), limits(0, 1 << 20))) {
      Rows rows = reader.rows("x", "for the test");

      assertThat(values(rows)).containsExactly(expected);
      assertThat(rows.elements().real(rows.load(2) + 1)).isEqualTo(13 / 8.0);
      assertThat(directory).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"deflated.npz", "fortran.npz"})
  void shouldRefuseWhenScratchSpaceIsShort(String file) {
    assertThatThrownBy(() -> read(FIXTURES.resolve(file), "x", limits(0, 95)))
        .hasMessageContaining("does-not-fit")
        .hasMessageContaining("96 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"u2", "i2", "u4", "u8"})
  void shouldReadEveryWidthOfIntegers(String type) throws IOException {
    byte[] bytes = new byte[6 * ElementType.of(type).orElseThrow().bytes()];
    bytes[0] = 7;
    bytes[bytes.length - 1] = (byte) 0x80;
    Path file =
        archive("{'descr': '<%s', 'fortran_order': False, 'shape': (3, 2)}".formatted(type), bytes);

    Rows rows = read(file, "x");

    int bits = 8 * ElementType.of(type).orElseThrow().bytes();
    double last = type.equals("u8") ? Long.MAX_VALUE : Math.pow(2, bits - 1);
    assertThat(rows.elements().real(0)).isEqualTo(7);
    assertThat(rows.elements().real(5)).isEqualTo(type.startsWith("i") ? -last : last);
  }

  @Test
  void shouldRefuseUnreadWhenAnArrayIsPickled() {
    assertRefused(FIXTURES.resolve("objects.npz"), ReasonCode.DATA_MALFORMED, "pickled");
  }

  @Test
  void shouldNameThePresentArraysWhenOneIsMissing() {
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> read(FIXTURES.resolve("stored.npz"), "tokens"));

    assertThat(refusal.reason().code()).isEqualTo(ReasonCode.DATA_MISMATCH);
    assertThat(refusal.reason().message()).contains("tokens", "x.npy", "y.npy");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'extra': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'descr': '<f4'}",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,)}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (3,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-3,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999999999,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 8)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)} + __import__('os')",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (3,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
        "",
      })
  void shouldRefuseWhenTheHeaderIsNotTheArrays(String header) throws IOException {
    assertRefused(archive(header, 12, false), ReasonCode.DATA_MALFORMED, "x");
  }

  @Test
  void shouldRefuseBeforeAllocatingWhenAnArrayClaimsMoreThanThereIs() throws IOException {
    String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (16777217,)}";

    assertRefused(archive(header, 1 << 18, false), ReasonCode.DATA_MALFORMED, "too short");
  }

  @Test
  void shouldRefuseWhenAnArrayInflatesLikeABomb() throws IOException {
    String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (8388608,)}";

    assertRefused(archive(header, 1 << 23, true), ReasonCode.ARCHIVE_BOMB, "8388608");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 400})
  void shouldRefuseWhenTheArchiveIsTruncated(int bytes) throws IOException {
    byte[] whole = Files.readAllBytes(FIXTURES.resolve("stored.npz"));
    Path file = Files.write(directory.resolve("cut.npz"), Arrays.copyOf(whole, bytes));

    assertRefused(file, ReasonCode.DATA_MALFORMED, "npz");
  }

  @Test
  void shouldRefuseWhenThereAreTooManyEntries() throws IOException {
    Path file = directory.resolve("many.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < 9; i++) {
        zip.putNextEntry(new ZipEntry("a" + i + ".npy"));
      }
    }
    assertRefused(file, ReasonCode.ARCHIVE_BOMB, "9 entries");
  }

  private Path archive(String header, int bodyBytes, boolean deflated) throws IOException {
    return archive(header, new byte[bodyBytes], deflated);
  }

  private Path archive(String header, byte[] body) throws IOException {
    return archive(header, body, false);
  }

  private Path archive(String header, byte[] body, boolean deflated) throws IOException {
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    entry.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    entry.write(header.length());
    entry.write(0);
    entry.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    entry.writeBytes(body);
    Path file = directory.resolve("crafted.npz");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(deflated ? 9 : 0);
      zip.putNextEntry(new ZipEntry("x.npy"));
      zip.write(entry.toByteArray());
    }
    return file;
  }

  private Rows read(Path file, String name) throws IOException {
    return read(file, name, limits(1 << 24, 0));
  }

  private static Rows read(Path file, String name, DataLimits limits) throws IOException {
    try (NpzReader reader = NpzReader.open(file, limits)) {
      return reader.rows(name, "for the test");
    }
  }

  private DataLimits limits(long memory, long scratch) {
    return new DataLimits(memory, directory, scratch, 8, 100, 1 << 20);
  }

  private static float[] values(Rows rows) {
    float[] all = new float[rows.count() * rows.width()];
    float[] row = new float[rows.width()];
    for (int i = 0; i < rows.count(); i++) {
      rows.elements().floats(rows.load(i), row);
      System.arraycopy(row, 0, all, i * row.length, row.length);
    }
    return all;
  }

  private void assertRefused(Path file, ReasonCode code, String what) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> read(file, "x"));

    assertThat(refusal).isNotNull();
    assertThat(refusal.reason().code()).isEqualTo(code);
    assertThat(refusal.reason().message()).contains(what);
  }
}
