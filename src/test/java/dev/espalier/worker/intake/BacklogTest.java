package dev.espalier.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private final Backlog backlog = new Backlog();

  @Test
  void shouldKnowTheFirstFewAndMarkTheOneThatMayRun() {
    backlog.committed(100);
    LongStream.range(100, 150).mapToObj(BacklogTest::event).forEach(backlog::add);

    assertThat(backlog.events()).hasSize(Backlog.MOST);
    assertThat(backlog.events()).extracting(WaitingEvent::isFirst).startsWith(true, false);
    assertThat(offsets()).startsWith(100L).endsWith(100L + Backlog.MOST - 1);
    assertThat(backlog.wants(150)).isFalse();
    assertThat(backlog.next()).isEqualTo(100 + Backlog.MOST);
  }

  @Test
  void shouldReadOnWhereItStoppedWhenAnswersComeAndForgetNothingBetween() {
    backlog.committed(0);
    LongStream.range(0, 30).mapToObj(BacklogTest::event).forEach(backlog::add);

    backlog.committed(3);
    assertThat(backlog.wants(30)).isTrue();
    LongStream.range(backlog.next(), 30).mapToObj(BacklogTest::event).forEach(backlog::add);

    assertThat(offsets()).startsWith(3L).hasSize(Backlog.MOST).endsWith(12L);
    assertThat(backlog.events().get(0).isFirst()).isTrue();
  }

  @Test
  void shouldMarkNoneWhenTheFirstRecordIsNoEvent() {
    backlog.committed(0);
    backlog.add(Records.at(0, 0, Records.headers(), "no event".getBytes(UTF_8)));
    backlog.add(event(1));

    assertThat(backlog.events()).singleElement().matches(event -> !event.isFirst());
    backlog.committed(1);
    assertThat(backlog.events()).singleElement().matches(WaitingEvent::isFirst);
  }

  @Test
  void shouldBeginAgainWhenTheGroupIsSetBack() {
    backlog.committed(20);
    backlog.add(event(20));
    backlog.committed(5);

    assertThat(backlog.events()).isEmpty();
    assertThat(backlog.next()).isEqualTo(5);
    assertThat(backlog.wants(21)).isTrue();
  }

  @Test
  void shouldPassOffsetsThatHoldNoRecord() {
    backlog.committed(4);
    backlog.add(event(5));
    backlog.lookedAt(7);
    backlog.committed(4);

    assertThat(backlog.wants(7)).isFalse();
    assertThat(offsets()).containsExactly(5L);
  }

  private List<Long> offsets() {
    return backlog.events().stream().map(event -> event.source().offset()).toList();
  }

  private static ConsumerRecord<byte[], byte[]> event(long offset) {
    return Records.at(
        0, offset, Records.headersWith("ce_id", "event-" + offset), Records.DATA.getBytes(UTF_8));
  }
}
