package dev.espalier.engine.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SparseWordsTest {
  private static final int NEGATIVE_ZERO = Float.floatToRawIntBits(-0f);

  static Stream<Arguments> words() {
    Random random = new Random(3);
    return Stream.of(
        Arguments.of("none", new int[0]),
        Arguments.of("one zero", new int[1]),
        Arguments.of("all zero", new int[4097]),
        Arguments.of("one that is not zero", new int[] {7}),
        Arguments.of("negative zero among zeros", new int[] {0, NEGATIVE_ZERO, 0}),
        Arguments.of(
            "NaN, infinities, subnormals, extremes",
            new int[] {0x7fc00001, 0xff800000, 0x7f800000, 1, 0x80000001, -1, 0x7fffffff, 0}),
        Arguments.of("any bits", words(9_001, i -> random.nextInt())),
        Arguments.of("16 values, odd", words(5_001, i -> i % 5 == 0 ? 1 + i / 5 % 16 : 0)),
        Arguments.of("17 values", words(5_000, i -> i % 5 == 0 ? 1 + i / 5 % 17 : 0)),
        Arguments.of("256 values", words(5_000, i -> i % 5 == 0 ? 1 + i / 5 % 256 : 0)),
        Arguments.of("257 values", words(5_000, i -> i % 5 == 0 ? 1 + i / 5 % 257 : 0)),
        Arguments.of(
            "pruned normal weights",
            words(
                100_003,
                i -> {
                  float weight = (float) random.nextGaussian();
                  return Math.abs(weight) > 1.6 ? Float.floatToRawIntBits(weight) : 0;
                })));
  }

  private static int[] words(int size, IntUnaryOperator word) {
    return IntStream.range(0, size).map(word).toArray();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("words")
  void shouldGiveBackEveryBitWhenDecoded(String name, int[] words) {
    byte[] encoded = encode(words);

    int[] decoded = decode(encoded, words.length);

    assertThat(decoded).isEqualTo(words);
  }

  @Test
  void shouldSpendLessThanABitOnAZeroWhenMostWordsAreZero() {
    int[] words = words(1 << 20, i -> i % 100 == 0 ? Float.floatToRawIntBits(1f / (i + 1)) : 0);

    assertThat(encode(words)).hasSizeLessThan((1 << 20) / 8 + (1 << 20) / 100 * 4);
  }

  @Test
  void shouldSpendOneByteAtMostOnAWordWhenThereAreFewValues() {
    Random random = new Random(5);
    int[] words = words(100_000, i -> 1000 * (1 + random.nextInt(16)));

    // 16 equally likely values: 4 bits each, and the mask is all ones.
    assertThat(encode(words)).hasSizeBetween(50_000, 51_500);
  }

  static Stream<Arguments> codings() {
    Random random = new Random(11);
    return Stream.of(
        Arguments.of("differences", words(500, i -> i % 3 == 0 ? random.nextInt() : 0)),
        Arguments.of("a palette", words(500, i -> i % 3 == 0 ? 1_000 * (1 + i % 7) : 0)),
        Arguments.of("gaps", words(5_000, i -> i % 77 == 0 ? random.nextInt() : 0)),
        Arguments.of(
            "scales",
            words(
                500,
                i -> {
                  int q = i % 50 == 0 ? 127 : i % 5 - 2;
                  return q == 0 ? 0 : Float.floatToRawIntBits(q * 0.01f);
                })));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("codings")
  void shouldRefuseOrDecodeToSomethingWhenAnyByteIsDamaged(String name, int[] words) {
    Random random = new Random(12);
    byte[] encoded = encode(words);
    assertThat(decode(encoded, words.length)).isEqualTo(words);
    int refused = 0;
    for (int at = 0; at < encoded.length; at++) {
      byte[] damaged = encoded.clone();
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Throwable thrown = catchThrowable(() -> decode(damaged, words.length));
      if (thrown != null) {
        assertThat(thrown).isInstanceOf(Refusal.class);
        assertThat(((Refusal) thrown).reason().code()).isEqualTo(ReasonCode.ARCHIVE_MALFORMED);
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("codings")
  void shouldRefuseWhenCutAnywhere(String name, int[] words) {
    byte[] encoded = encode(words);
    for (int length = 0; length < encoded.length; length++) {
      byte[] cut = Arrays.copyOf(encoded, length);
      assertThat(catchThrowable(() -> decode(cut, words.length))).isInstanceOf(Refusal.class);
    }
  }

  private static byte[] encode(int[] words) {
    Section.Chunks out = new Section.Chunks();
    SparseWords.encode(IntBuffer.wrap(words), List.of((long) words.length), out);
    return out.toBytes();
  }

  private static int[] decode(byte[] encoded, int size) {
    int[] words = new int[size];
    SparseWords.decode(
        ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN), IntBuffer.wrap(words));
    return words;
  }
}
