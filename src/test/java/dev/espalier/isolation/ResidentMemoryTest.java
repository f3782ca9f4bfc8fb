package dev.espalier.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResidentMemoryTest {

  @Test
  void shouldCountThisProcessWhenAsked() {
    assertThat(ResidentMemory.of(ProcessHandle.current().pid()).orElseThrow())
        .isBetween(1L << 20, 1L << 40);
  }

  @Test
  void shouldBeEmptyWhenThereIsNoSuchProcess() {
    assertThat(ResidentMemory.of(Long.MAX_VALUE)).isEmpty();
  }
}
