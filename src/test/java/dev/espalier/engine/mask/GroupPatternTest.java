package dev.espalier.engine.mask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.engine.score.Scores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupPatternTest {

  @Test
  void shouldKeepTheBestTwoOfFourAndTheLaterOfEquals() {
    Mask going =
        new GroupPattern(new Extent(8, 1), 2, 4)
            .removable(keys(5, 1, 9, 2, 3, 3, 3, 3), Mask.keepAll(8));

    assertThat(kept(going)).containsExactly(1, 3, 4, 5);
  }

  @Test
  void shouldKeepAsManyOfTheLastGroupAsOfAWholeOne() {
    Mask going =
        new GroupPattern(new Extent(7, 1), 2, 4)
            .removable(keys(5, 1, 9, 2, 3, 1, 2), Mask.keepAll(7));
    Mask two =
        new GroupPattern(new Extent(6, 1), 2, 4).removable(keys(5, 1, 9, 2, 3, 1), Mask.keepAll(6));

    assertThat(kept(going)).containsExactly(1, 3, 5);
    assertThat(kept(two)).containsExactly(1, 3);
  }

  @Test
  void shouldCountWhatIsGoneAndNeverAskForMore() {
    Mask mask = Mask.keepAll(8);
    mask.remove(2);
    mask.remove(4);
    mask.remove(5);
    mask.remove(6);

    Mask going =
        new GroupPattern(new Extent(8, 1), 2, 4).removable(keys(5, 1, 9, 2, 3, 3, 3, 3), mask);

    assertThat(kept(going)).containsExactly(1);
  }

  @Test
  void shouldTakeCandidatesOnly() {
    int none = Scores.NO_CANDIDATE;
    Mask going =
        new GroupPattern(new Extent(8, 1), 1, 4)
            .removable(selective(none, 1, none, 2, none, none, none, none), Mask.keepAll(8));

    assertThat(kept(going)).containsExactly(1, 3);
  }

  /** Sizes, strides and patterns whose groups lie across words, chunks and edges. */
  @ParameterizedTest
  @CsvSource({
    "2, 4, 4096, 1, 3",
    "2, 4, 30, 1, 7",
    "1, 3, 100, 1, 5",
    "4, 8, 64, 9, 3",
    "2, 4, 6, 2500, 2",
    "31, 64, 130, 3, 2",
    "3, 5, 5000, 1, 2",
    "2, 4, 18, 1, 9",
    "1, 2, 2, 1, 2000"
  })
  void shouldAgreeWithSortingEachGroup(int n, int m, int size, int stride, int outer) {
    Random random = new Random(n + m + size);
    int[] scores = new int[size * stride * outer];
    Mask mask = Mask.keepAll(scores.length);
    for (int i = 0; i < scores.length; i++) {
      // Few values, so that there are ties; keys on both sides of the sign bit.
      scores[i] = (random.nextInt(12) - 6) * 300_000_000;
    }
    GroupPattern pattern = new GroupPattern(new Extent(size, stride), n, m);

    assertThat(pattern.removable(keys(scores), mask).words())
        .isEqualTo(sorted(scores, mask, n, m, size, stride).words());
    for (int i = 0; i < scores.length; i++) {
      if (random.nextInt(4) == 0) {
        mask.remove(i);
      }
    }
    assertThat(pattern.removable(keys(scores), mask).words())
        .isEqualTo(sorted(scores, mask, n, m, size, stride).words());
  }

  private static Mask sorted(int[] scores, Mask mask, int n, int m, int size, int stride) {
    long[] bits = new long[(scores.length + 63) / 64];
    for (int i = 0; i < scores.length; i++) {
      int place = i / stride % size;
      if (place % m == 0) {
        List<Integer> group = new ArrayList<>();
        int members = Math.min(m, size - place);
        int gone = 0;
        for (int j = 0; j < members; j++) {
          if (mask.kept(i + j * stride)) {
            group.add(i + j * stride);
          } else {
            gone++;
          }
        }
        group.sort(Comparator.comparingLong(p -> Integer.toUnsignedLong(scores[p])));
        for (int k = 0; k < Math.min(group.size(), members - n - gone); k++) {
          bits[group.get(k) / 64] |= 1L << group.get(k);
        }
      }
    }
    return Mask.of(scores.length, bits);
  }

  private static List<Integer> kept(Mask mask) {
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < mask.size(); i++) {
      if (mask.kept(i)) {
        kept.add(i);
      }
    }
    return kept;
  }

  private static Scores keys(int... keys) {
    return new Given(false, keys);
  }

  private static Scores selective(int... keys) {
    return new Given(true, keys);
  }

  private static final class Given implements Scores {
    private final boolean selective;
    private final int[] keys;

    Given(boolean selective, int... keys) {
      this.selective = selective;
      this.keys = keys;
    }

    @Override
    public int size() {
      return keys.length;
    }

    @Override
    public boolean selective() {
      return selective;
    }

    @Override
    public void keys(int from, int count, int[] into) {
      System.arraycopy(keys, from, into, 0, count);
    }
  }
}
