package dev.espalier.worker.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.worker.job.Claim;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrailTest {
  private final Trail trail = new Trail();

  @Test
  void shouldNoteEachStepOnce() {
    IntStream.of(1, 1, 2, 2, 3).forEach(this::add);

    assertThat(trail.steps()).extracting(RunningJob.Step::step).containsExactly(1, 2, 3);
  }

  @Test
  void shouldStartAgainFromAStepThatComesAgainHoweverLongItWas() {
    IntStream.rangeClosed(1, 1_000).forEach(this::add);
    int longest = trail.steps().size();
    add(2);

    assertThat(longest).isLessThan(1_000);
    assertThat(trail.steps()).extracting(RunningJob.Step::step).containsExactly(1, 2);
  }

  private void add(int step) {
    trail.add(new Claim("w", 1, step, "pruning", 0.5, step, 9, 0.1, 0.9, Instant.EPOCH));
  }
}
