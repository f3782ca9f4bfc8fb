package dev.espalier.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.JobId;
import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Verdict;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import org.jboss.logging.MDC;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordTraceTest {
  private static final Coordinates RECORD = new Coordinates("model-trained", 3, 17);
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";
  private static final String UNSAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-00";

  private final TestTraces spans = new TestTraces();
  private final RecordTrace trace = spans.traces().of(RECORD);

  @Test
  void shouldBeAChildOfTheSpanThatTheEventNames() {
    trace.begin(PARENT, "vendor=1");
    trace.describe(JobId.of("/s", "1"), "/s", "1", false);
    trace.close();

    SpanData span = spans.one("process model-trained");
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
    assertThat(span.getSpanContext().getTraceState().get("vendor")).isEqualTo("1");
    assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(TestTraces.value(span, SpanNames.OFFSET)).isEqualTo(17);
    assertThat(TestTraces.value(span, SpanNames.PARTITION)).isEqualTo("3");
    assertThat(TestTraces.value(span, SpanNames.JOB)).isEqualTo(JobId.of("/s", "1").value());
  }

  @Test
  void shouldNameItsOwnSpanToWhoeverGoesOn() {
    trace.begin(PARENT, null);
    trace.close();

    SpanData span = spans.one("process model-trained");
    assertThat(trace.traceparent("other"))
        .isEqualTo("00-" + TRACE + "-" + span.getSpanId() + "-01");
  }

  @Test
  void shouldRecordNothingAndSaySoWhenTheProducerDidNotSample() {
    trace.begin(UNSAMPLED, null);
    trace.close();

    assertThat(spans.spans()).isEmpty();
    assertThat(trace.traceparent(null)).startsWith("00-" + TRACE).endsWith("-00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage\n00",
        "00-zz",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01"
      })
  void shouldBeginATraceOfItsOwnWhenThatOfTheEventIsGarbage(String traceparent) {
    trace.begin(traceparent, "\u0000");
    trace.close();

    SpanData span = spans.one("process model-trained");
    assertThat(span.getParentSpanContext().isValid()).isFalse();
    assertThat(trace.traceparent(null)).contains(span.getTraceId());
  }

  @Test
  void shouldPassTheEventsContextOnWhenNothingIsRecorded() {
    RecordTrace off = TestTraces.off().of(RECORD);
    off.begin(PARENT, null);
    assertThat(off.traceparent(PARENT)).isEqualTo(PARENT);
    off.close();

    RecordTrace none = TestTraces.off().of(RECORD);
    none.begin(null, null);
    assertThat(none.traceparent(null)).isNull();
  }

  @Test
  void shouldHoldStagesAndTheAnnouncement() throws Exception {
    trace.begin(PARENT, null);
    RecordTrace.Active slot = trace.activate();
    String fetched = spans.traces().stage(Stage.FETCH, () -> "inputs");
    spans.traces().attempt(2, 4, () -> spans.traces().stage(Stage.PUSH, () -> "pushed"));
    spans.traces().concluded(Verdict.PRUNED, null);
    slot.close();
    RecordTrace.Active poll = trace.activate();
    spans.traces().sending("model-pruned").close();
    poll.close();
    trace.close();

    SpanData process = spans.one("process model-trained");
    assertThat(fetched).isEqualTo("inputs");
    assertThat(spans.one("fetch").getParentSpanId()).isEqualTo(process.getSpanId());
    assertThat(spans.one("attempt").getParentSpanId()).isEqualTo(process.getSpanId());
    assertThat(TestTraces.value(spans.one("attempt"), SpanNames.ATTEMPT)).isEqualTo(2);
    assertThat(TestTraces.value(spans.one("attempt"), SpanNames.RESUMED_FROM)).isEqualTo(4);
    assertThat(spans.one("push").getParentSpanId()).isEqualTo(spans.one("attempt").getSpanId());
    assertThat(spans.one("announce").getParentSpanId()).isEqualTo(process.getSpanId());
    assertThat(TestTraces.value(spans.one("announce"), SpanNames.DESTINATION))
        .isEqualTo("model-pruned");
    assertThat(TestTraces.value(process, SpanNames.VERDICT)).isEqualTo("pruned");
    assertThat(process.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void shouldRecordWhatAStageFailedWithAndThrowIt() {
    trace.begin(PARENT, null);
    RecordTrace.Active slot = trace.activate();
    assertThatThrownBy(
            () ->
                spans
                    .traces()
                    .stage(
                        Stage.COMMIT,
                        () -> {
                          throw new IOException("disk full");
                        }))
        .isInstanceOf(IOException.class);
    slot.close();

    SpanData commit = spans.one("commit");
    assertThat(commit.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(TestTraces.value(commit, SpanNames.ERROR_TYPE)).isEqualTo("java.io.IOException");
  }

  @Test
  void shouldBeAnErrorWhenTheJobFailedAndNoneWhenItsGateRejected() {
    Reason reason = new Reason(ReasonCode.ATTEMPTS_EXHAUSTED, "the engine died 3 times");
    trace.begin(PARENT, null);
    RecordTrace.Active slot = trace.activate();
    spans.traces().concluded(Verdict.FAILED, reason);
    slot.close();
    trace.close();
    RecordTrace other = spans.traces().of(RECORD);
    other.begin(null, null);
    slot = other.activate();
    spans.traces().concluded(Verdict.REJECTED, new Reason(ReasonCode.GATE_FAILED, "drop"));
    slot.close();
    other.close();

    assertThat(spans.named("process model-trained"))
        .extracting(span -> span.getStatus().getStatusCode())
        .containsExactly(StatusCode.ERROR, StatusCode.UNSET);
    assertThat(spans.named("process model-trained"))
        .extracting(span -> TestTraces.value(span, SpanNames.REASON))
        .containsExactly("attempts-exhausted", "gate-failed");
  }

  @Test
  void shouldEndWhenThePartitionIsGivenUp() {
    trace.begin(PARENT, null);
    trace.giveUp();
    trace.close();

    assertThat(spans.one("process model-trained").getEvents())
        .extracting(event -> event.getName())
        .containsExactly("partition given up");
  }

  @Test
  void shouldLabelLogLinesOfItsThreadAndOnlyThose() {
    trace.begin(PARENT, null);
    trace.describe(JobId.of("/s", "1"), "/s", "1", false);
    RecordTrace.Active slot = trace.activate();
    Object id = MDC.get("traceId");
    Object job = MDC.get("jobId");
    slot.close();

    assertThat(id).isEqualTo(TRACE);
    assertThat(job).isEqualTo(JobId.of("/s", "1").value());
    assertThat(MDC.getMap()).doesNotContainKeys("traceId", "spanId", "traceField", "jobId");
  }

  @Test
  void shouldLabelLogLinesWithTheJobAloneWhenNothingIsRecorded() {
    RecordTrace off = TestTraces.off().of(RECORD);
    off.begin(PARENT, null);
    off.describe(JobId.of("/s", "1"), "/s", "1", false);
    RecordTrace.Active slot = off.activate();
    Object field = MDC.get("traceField");
    Object job = MDC.get("jobId");
    slot.close();

    assertThat(field).isNull();
    assertThat(job).isEqualTo(JobId.of("/s", "1").value());
  }
}
