package dev.espalier.engine.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparseArchiveTest {
  private static final int MOST = 1 << 24;
  private static final List<ElementRange> RANGES =
      List.of(range("second", 60_000, 5_000, true), range("first", 3, 10_000, false));

  @TempDir Path directory;
  private Path file;
  private Path archive;
  private Path unpacked;

  @BeforeEach
  void makeFile() throws IOException {
    file = directory.resolve("model");
    archive = directory.resolve("model.sparse");
    unpacked = directory.resolve("unpacked");
    Random random = new Random(1);
    byte[] bytes = new byte[100_000];
    random.nextBytes(bytes);
    for (ElementRange range : RANGES) {
      ByteBuffer words =
          ByteBuffer.wrap(bytes)
              .order(range.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < range.elements(); i++) {
        words.putFloat((int) range.offset() + 4 * i, i % 10 == 0 ? 1 + random.nextFloat() : 0);
      }
    }
    Files.write(file, bytes);
  }

  @Test
  void shouldMakeTheSameFileAgainAndTakeFewerBytesWhenItHasSparseTensors() throws IOException {
    long bytes = SparseArchive.write(file, RANGES, archive);

    Sha256 sha256 = SparseArchiveReader.unpack(archive, unpacked, MOST);

    assertThat(unpacked).hasSameBinaryContentAs(file);
    assertThat(sha256).isEqualTo(Sha256.of(Files.readAllBytes(file)));
    // 40 kB of the file are noise outside the tensors; 1,500 weights are kept in 3 bytes each.
    assertThat(bytes).isEqualTo(Files.size(archive)).isBetween(44_000L, 49_000L);
  }

  @Test
  void shouldMakeTheSameFileAgainWhenNothingInItIsKnown() throws IOException {
    SparseArchive.write(file, List.of(), archive);

    SparseArchiveReader.unpack(archive, unpacked, MOST);

    assertThat(unpacked).hasSameBinaryContentAs(file);
  }

  @Test
  void shouldWriteTheSameBytesWhenWrittenAgain() throws IOException {
    SparseArchive.write(file, RANGES, archive);
    SparseArchive.write(file, RANGES, directory.resolve("again"));

    assertThat(directory.resolve("again")).hasSameBinaryContentAs(archive);
  }

  @ParameterizedTest
  @CsvSource({"0,FORMAT_UNKNOWN", "8,FORMAT_UNSUPPORTED_VERSION", "40,CHECKSUM_MISMATCH"})
  void shouldRefuseAndLeaveNothingWhenAByteIsDamaged(int at, ReasonCode code) throws IOException {
    SparseArchive.write(file, RANGES, archive);
    byte[] bytes = Files.readAllBytes(archive);
    bytes[at] ^= 4;
    Files.write(archive, bytes);

    assertThat(refusal(MOST).reason().code()).isEqualTo(code);
    assertThat(unpacked).doesNotExist();
  }

  @Test
  void shouldRefuseAndLeaveNothingWhenAnyOneByteIsDamaged() throws IOException {
    SparseArchive.write(file, RANGES, archive);
    byte[] bytes = Files.readAllBytes(archive);
    Random random = new Random(2);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
      Files.write(archive, damaged);

      refusal(MOST);
      assertThat(unpacked).doesNotExist();
    }
  }

  @Test
  void shouldRefuseWhenTheFileWouldBeTooLarge() throws IOException {
    SparseArchive.write(file, RANGES, archive);

    assertThat(refusal(99_999).reason().code()).isEqualTo(ReasonCode.DOES_NOT_FIT);
  }

  @Test
  void shouldRefuseRangesWhenTheyOverlapOrLeaveTheFile() {
    for (ElementRange bad :
        List.of(
            range("overlaps", 40_000, 100, false),
            range("leaves", 99_999, 1, false),
            range("negative", -4, 1, false))) {
      List<ElementRange> ranges = List.of(bad, RANGES.get(0), RANGES.get(1));
      assertThat(
              catchThrowableOfType(
                  Refusal.class,
                  () -> SparseArchive.write(file, ranges, directory.resolve(bad.name()))))
          .as(bad.name())
          .isNotNull();
    }
  }

  private static ElementRange range(String name, long offset, long words, boolean bigEndian) {
    return new ElementRange(name, offset, 4, bigEndian, List.of(words));
  }

  private Refusal refusal(long most) {
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class, () -> SparseArchiveReader.unpack(archive, unpacked, most));
    assertThat(refusal).isNotNull();
    return refusal;
  }
}
