package dev.espalier.engine.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparseBytesTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void shouldGiveBackEveryByteWhenMostElementsAreZero(int width) {
    byte[] elements = elements(width, 10_001, (byte) 0);

    byte[] encoded = encode(elements, width);

    assertThat(decode(encoded, elements.length, width)).isEqualTo(elements);
    assertThat(encoded).hasSizeLessThan(10_001 / 8 + 1_200 * width);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void shouldGiveBackEveryByteWhenThereIsNothingToLeaveOut(int width) {
    byte[] noise = new byte[width * 999];
    new Random(3).nextBytes(noise);

    assertThat(decode(encode(noise, width), noise.length, width)).isEqualTo(noise);
    assertThat(decode(encode(new byte[0], width), 0, width)).isEmpty();
    assertThat(decode(encode(new byte[width], width), width, width)).isEqualTo(new byte[width]);
  }

  @Test
  void shouldLeaveOutTheZeroPointWhenItIsNotZero() {
    byte[] elements = elements(1, 10_001, (byte) 128);

    byte[] encoded = encode(elements, 1);

    assertThat(decode(encoded, elements.length, 1)).isEqualTo(elements);
    assertThat(encoded).hasSizeLessThan(10_001 / 8 + 1_200);
  }

  @Test
  void shouldRefuseOrDecodeToSomethingWhenAnyByteIsDamagedOrMissing() {
    byte[] elements = elements(2, 500, (byte) 0);
    byte[] encoded = encode(elements, 2);
    Random random = new Random(4);
    int refused = 0;
    for (int at = 0; at < encoded.length; at++) {
      byte[] damaged = encoded.clone();
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      byte[] cut = Arrays.copyOf(encoded, at);
      assertThat(catchThrowable(() -> decode(cut, 1_000, 2))).isInstanceOf(Refusal.class);
      Throwable thrown = catchThrowable(() -> decode(damaged, 1_000, 2));
      if (thrown != null) {
        assertThat(thrown).isInstanceOf(Refusal.class);
        assertThat(((Refusal) thrown).reason().code()).isEqualTo(ReasonCode.ARCHIVE_MALFORMED);
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  private static byte[] elements(int width, int count, byte background) {
    Random random = new Random(2);
    byte[] elements = new byte[width * count];
    Arrays.fill(elements, background);
    byte[] element = new byte[width];
    for (int i = 0; i < count; i += 10) {
      random.nextBytes(element);
      System.arraycopy(element, 0, elements, i * width, width);
    }
    return elements;
  }

  private static byte[] encode(byte[] elements, int width) {
    Section.Chunks out = new Section.Chunks();
    SparseBytes.encode(ByteBuffer.wrap(elements), width, out);
    return out.toBytes();
  }

  private static byte[] decode(byte[] encoded, int size, int width) {
    byte[] elements = new byte[size];
    SparseBytes.decode(
        ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN), width, ByteBuffer.wrap(elements));
    return elements;
  }
}
