package dev.espalier.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzReaderTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures/npz");
  private static final DataLimits LIMITS = new DataLimits(1 << 24, 8, 100, 1 << 20);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"stored.npz", "deflated.npz", "fortran.npz", "big-endian.npz"})
  void shouldReadRowMajorLittleEndianWhenNumpyWroteIt(String file) throws IOException {
    Map<String, Tensor> arrays = read(FIXTURES.resolve(file), "x", "y");

    float[] expected = new float[24];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = i / 8f;
    }
    assertThat(arrays.get("x").shape()).containsExactly(4, 2, 3);
    assertThat(arrays.get("x").toFloats()).containsExactly(expected);
    assertThat(arrays.get("y").toLongs()).containsExactly(0, 1, 2, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"half", "double", "byte", "signed", "int"})
  void shouldReadTheSameValuesWhenTheElementTypeDiffers(String array) throws IOException {
    Elements values = Elements.of(read(FIXTURES.resolve("types.npz"), array).get(array));
    double unit = array.equals("half") || array.equals("double") ? 1 / 8.0 : 1;

    for (int i = 0; i < 24; i++) {
      assertThat(values.real(i)).isEqualTo(i * unit);
    }
  }

  @Test
  void shouldReadBooleansAsZeroAndOne() throws IOException {
    Tensor array = read(FIXTURES.resolve("types.npz"), "bool").get("bool");

    assertThat(array.type()).isEqualTo(DataType.BOOL);
    assertThat(Elements.of(array).real(8)).isZero();
    assertThat(Elements.of(array).real(9)).isOne();
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
  void shouldRefuseBeforeAllocatingWhenAnArrayExceedsTheLimit() throws IOException {
    String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (16777217,)}";

    assertRefused(archive(header, 1 << 18, false), ReasonCode.DOES_NOT_FIT, "16777217");
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
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    entry.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    entry.write(header.length());
    entry.write(0);
    entry.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    entry.writeBytes(new byte[bodyBytes]);
    Path file = directory.resolve("crafted.npz");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(deflated ? 9 : 0);
      zip.putNextEntry(new ZipEntry("x.npy"));
      zip.write(entry.toByteArray());
    }
    return file;
  }

  private static Map<String, Tensor> read(Path file, String... names) throws IOException {
    return new NpzReader(LIMITS).read(file, List.of(names));
  }

  private static void assertRefused(Path file, ReasonCode code, String what) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> read(file, "x"));

    assertThat(refusal).isNotNull();
    assertThat(refusal.reason().code()).isEqualTo(code);
    assertThat(refusal.reason().message()).contains(what);
  }
}
