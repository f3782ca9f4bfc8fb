package dev.espalier.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadAheadTest {

  @Test
  void shouldFetchNothingMoreWhileAnythingWaits() {
    assertThat(ReadAhead.ONE_POLL.hasRoom(0, 0)).isTrue();
    assertThat(ReadAhead.ONE_POLL.hasRoom(1, 1)).isFalse();
  }

  @Test
  void shouldFetchAheadUpToABoundOfRecordsAndOfBytes() {
    assertThat(ReadAhead.FAR.hasRoom(47, 4 << 10)).isTrue();
    assertThat(ReadAhead.FAR.hasRoom(48, 4 << 10)).isFalse();
    assertThat(ReadAhead.FAR.hasRoom(4, 4 << 20)).isFalse();
  }

  @Test
  void shouldHoldNoMoreBytesWhenMorePartitionsAreOwned() {
    assertThat(ReadAhead.FAR.each(8).bytes()).isEqualTo(4 << 20);
    assertThat(ReadAhead.FAR.each(64).bytes() * 64).isEqualTo(32 << 20);
    assertThat(ReadAhead.FAR.each(64).records()).isEqualTo(48);
    assertThat(ReadAhead.FAR.each(0)).isEqualTo(ReadAhead.FAR);
    assertThat(ReadAhead.FAR.each(1_000_000_000).hasRoom(0, 0)).isFalse();
  }

  @Test
  void shouldCountKeyValueAndHeaders() {
    long small = ReadAhead.bytes(Records.record(Records.headers(), ""));
    assertThat(small).isGreaterThan(100);
    assertThat(ReadAhead.bytes(Records.record(Records.headers(), "x".repeat(1_000))))
        .isEqualTo(small + 1_000);
    assertThat(ReadAhead.bytes(Records.record(Records.headers(), null))).isEqualTo(small);
  }
}
