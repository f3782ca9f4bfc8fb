package dev.espalier.engine.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarksTest {
  private static final int ELEMENTS = 400_003;

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-5, 0.001, 0.01, 0.02, 0.05, 0.1, 0.3, 0.5, 0.99, 1})
  void shouldComeCloseToTheEntropyAndGiveBackEveryMarkAtAnyDensity(double density) {
    byte[] bits = marks(density);
    int kept = count(bits);

    byte[] encoded = encode(bits, kept);

    assertThat(Marks.decode(buffer(encoded), ELEMENTS, kept)).isEqualTo(bits);
    double p = (double) kept / ELEMENTS;
    double entropy =
        p == 0 || p == 1
            ? 0
            : -ELEMENTS * (p * Math.log(p) + (1 - p) * Math.log(1 - p)) / Math.log(2) / 8;
    // Where one value is rare, a Huffman code's whole bits cost more, of what is hardly anything.
    boolean common = density > 0.005 && density < 0.9;
    assertThat((double) encoded.length)
        .isLessThan(common ? 1.06 * entropy + 200 : 1.1 * entropy + ELEMENTS / 100);
  }

  @Test
  void shouldGiveBackMarksWhenGapsAreAsLongAsTheirCodesLimit() {
    byte[] bits = new byte[200];
    int kept = 0;
    for (int at : new int[] {0, 255, 511, 512, 1023, 1278, 1599}) {
      bits[at / 8] |= (byte) (1 << at % 8);
      kept++;
    }

    assertThat(Marks.decode(buffer(encode(bits, kept)), 1600, kept)).isEqualTo(bits);
    assertThat(Marks.positions(bits, kept)).containsExactly(0, 255, 511, 512, 1023, 1278, 1599);
  }

  @Test
  void shouldRefuseWhenMarksAreNotThoseOfTheElements() {
    byte[] bits = marks(0.02);
    int kept = count(bits);
    byte[] encoded = encode(bits, kept);

    assertThatThrownBy(() -> Marks.decode(buffer(encoded), ELEMENTS / 2, kept))
        .isInstanceOf(Refusal.class);
    assertThatThrownBy(() -> Marks.decode(buffer(encoded), ELEMENTS, kept - 1))
        .isInstanceOf(Refusal.class);
    assertThatThrownBy(() -> Marks.decode(buffer(encoded), ELEMENTS, kept + 1))
        .isInstanceOf(Refusal.class);
  }

  private static byte[] marks(double density) {
    Random random = new Random(7);
    byte[] bits = new byte[Section.bytesFor(ELEMENTS)];
    for (int i = 0; i < ELEMENTS; i++) {
      if (random.nextDouble() < density) {
        bits[i >>> 3] |= (byte) (1 << (i & 7));
      }
    }
    return bits;
  }

  private static int count(byte[] bits) {
    int count = 0;
    for (byte marked : bits) {
      count += Integer.bitCount(marked & 0xff);
    }
    return count;
  }

  private static byte[] encode(byte[] bits, int kept) {
    Section.Chunks out = new Section.Chunks();
    Marks.encode(bits, kept, out);
    return out.toBytes();
  }

  private static ByteBuffer buffer(byte[] encoded) {
    return ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
  }
}
