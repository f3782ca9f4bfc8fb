package dev.espalier.engine.compress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.engine.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Float words that 8-bit integers and scales make, told by nothing but their values. */
class ChannelScalesTest {
  private static final long[] SHAPE = {3, 3, 40, 50};

  @ParameterizedTest
  @ValueSource(ints = {-1, 2, 3})
  void shouldTakeAByteAWordWhenWordsComeFromIntegers(int axis) {
    int[] words = words(axis, 1);

    byte[] encoded = encode(words, shape());

    assertThat(decode(encoded, words.length)).isEqualTo(words);
    int kept = (int) Arrays.stream(words).filter(w -> w != 0).count();
    // The marks take at most 0.47 bits a word, the integers at most a byte each, the scales 4.
    assertThat(encoded).hasSizeLessThan(words.length * 47 / 800 + kept + 4 * 50 + 200);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldFindTheScaleWhenItIsNotTheQuotientOfTheLargestWord(long seed) {
    int[] words = words(3, seed);

    assertThat(ChannelScales.of(kept(words), positions(words), shape())).isPresent();
  }

  @Test
  void shouldFindNoneWhenOneWordIsOffByABit() {
    int[] words = words(3, 1);
    int off = positions(words)[1_000];
    words[off] ^= 1;

    assertThat(ChannelScales.of(kept(words), positions(words), shape())).isEmpty();
    assertThat(decode(encode(words, shape()), words.length)).isEqualTo(words);
  }

  @Test
  void shouldFindNoneWhenWordsAreOfAnotherKind() {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -0f, Float.MIN_VALUE}) {
      int[] words = words(3, 1);
      words[positions(words)[5]] = Float.floatToRawIntBits(value);

      assertThat(decode(encode(words, shape()), words.length)).as("%s", value).isEqualTo(words);
    }
  }

  private static int[] words(int axis, long seed) {
    Random random = new Random(seed);
    float[] weights = new float[(int) Tensor.elements(SHAPE)];
    for (int i = 0; i < weights.length; i++) {
      float weight = (float) random.nextGaussian();
      weights[i] = Math.abs(weight) > 1.6f ? weight : 0;
    }
    OptionalInt channels = axis < 0 ? OptionalInt.empty() : OptionalInt.of(axis);
    float[] real = Int8.quantize(Tensor.of(weights, SHAPE), channels).real().toFloats();
    int[] words = new int[real.length];
    Arrays.setAll(words, i -> real[i] == 0 ? 0 : Float.floatToRawIntBits(real[i]));
    return words;
  }

  private static int[] kept(int... words) {
    return Arrays.stream(words).filter(w -> w != 0).toArray();
  }

  private static int[] positions(int... words) {
    int[] positions = new int[kept(words).length];
    int next = 0;
    for (int i = 0; i < words.length; i++) {
      if (words[i] != 0) {
        positions[next++] = i;
      }
    }
    return positions;
  }

  private static List<Long> shape() {
    return Arrays.stream(SHAPE).boxed().toList();
  }

  private static byte[] encode(int[] words, List<Long> shape) {
    Section.Chunks out = new Section.Chunks();
    SparseWords.encode(IntBuffer.wrap(words), shape, out);
    return out.toBytes();
  }

  private static int[] decode(byte[] encoded, int size) {
    int[] words = new int[size];
    SparseWords.decode(
        ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN), IntBuffer.wrap(words));
    return words;
  }
}
