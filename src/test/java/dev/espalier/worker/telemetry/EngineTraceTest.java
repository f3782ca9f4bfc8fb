package dev.espalier.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.Progress;
import dev.espalier.contract.Progress.Stage;
import dev.espalier.contract.Progress.StageStarted;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineTraceTest {
  private final TestTraces spans = new TestTraces();

  @Test
  void shouldMakeASpanOfEachStepAndOfItsStages() throws Exception {
    run(
        null,
        stage(Stage.LOAD),
        stage(Stage.BASELINE),
        stage(Stage.PRUNE),
        stage(Stage.RECOVER),
        stage(Stage.EVALUATE),
        new Progress.StepFinished(1, 2, 0.25, 0.9),
        new Progress.CheckpointWritten(1, "1.bin"),
        stage(Stage.PRUNE),
        stage(Stage.RECOVER),
        stage(Stage.EVALUATE),
        new Progress.StepFinished(2, 2, 0.5, null),
        stage(Stage.VERDICT),
        stage(Stage.WRITE));

    String attempt = spans.one("attempt").getSpanId();
    List<SpanData> steps = spans.named("step");
    assertThat(steps)
        .extracting(step -> TestTraces.value(step, SpanNames.STEP))
        .containsExactly(1L, 2L);
    assertThat(steps)
        .extracting(step -> TestTraces.value(step, SpanNames.SPARSITY))
        .containsExactly(0.25, 0.5);
    assertThat(steps)
        .extracting(step -> TestTraces.value(step, SpanNames.METRIC))
        .containsExactly(0.9, null);
    for (String stage : List.of("prune", "recover", "evaluate")) {
      assertThat(spans.named(stage))
          .extracting(SpanData::getParentSpanId)
          .containsExactlyElementsOf(steps.stream().map(SpanData::getSpanId).toList());
    }
    for (String stage : List.of("load", "baseline", "verdict", "write")) {
      assertThat(spans.one(stage).getParentSpanId()).isEqualTo(attempt);
    }
    assertThat(steps).extracting(SpanData::getParentSpanId).containsOnly(attempt);
  }

  @Test
  void shouldTakeTheRecoveryBeforeTheFirstRemovalIntoTheFirstStep() throws Exception {
    run(
        null,
        stage(Stage.RECOVER),
        stage(Stage.PRUNE),
        stage(Stage.EVALUATE),
        new Progress.StepFinished(1, 1, 0.5, 0.9));

    assertThat(spans.named("step")).hasSize(1);
    assertThat(spans.one("recover").getParentSpanId()).isEqualTo(spans.one("step").getSpanId());
  }

  @Test
  void shouldMakeNoStepOfACheckThatOnlyEvaluates() throws Exception {
    run(null, stage(Stage.LOAD), stage(Stage.EVALUATE));

    assertThat(spans.named("step")).isEmpty();
    assertThat(spans.one("evaluate").getParentSpanId()).isEqualTo(spans.one("attempt").getSpanId());
  }

  @Test
  void shouldEndWhatIsOpenAsFailedWhenTheEngineDies() throws Exception {
    Reason reason = new Reason(ReasonCode.ENGINE_OUT_OF_MEMORY, "it needed more");
    run(new EngineOutcome.Failed(reason), stage(Stage.PRUNE), stage(Stage.RECOVER));

    assertThat(List.of("recover", "step", "attempt"))
        .allSatisfy(
            name -> {
              SpanData span = spans.one(name);
              assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
              assertThat(TestTraces.value(span, SpanNames.ERROR_TYPE))
                  .isEqualTo("engine-out-of-memory");
            });
    assertThat(spans.one("prune").getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void shouldStopRecordingWhenAnEngineReportsWithoutEnd() throws Exception {
    spans
        .traces()
        .attempt(
            1,
            null,
            () -> {
              try (EngineTrace engine = spans.traces().engine()) {
                for (int i = 0; i < EngineTrace.MAX_SPANS + 5; i++) {
                  engine.accept(stage(Stage.LOAD));
                }
              }
              return true;
            });

    assertThat(spans.named("load")).hasSize(EngineTrace.MAX_SPANS);
    assertThat(TestTraces.value(spans.one("attempt"), SpanNames.UNRECORDED)).isEqualTo(5);
  }

  @Test
  void shouldIgnoreALineThatComesAfterTheEnd() throws Exception {
    spans
        .traces()
        .attempt(
            1,
            null,
            () -> {
              EngineTrace engine = spans.traces().engine();
              engine.close();
              engine.accept(stage(Stage.LOAD));
              return true;
            });

    assertThat(spans.named("load")).isEmpty();
  }

  private void run(EngineOutcome outcome, Progress... lines) throws Exception {
    spans
        .traces()
        .attempt(
            1,
            null,
            () -> {
              try (EngineTrace engine = spans.traces().engine()) {
                for (Progress line : lines) {
                  engine.accept(line);
                }
                if (outcome != null) {
                  engine.ended(outcome);
                }
              }
              return true;
            });
  }

  private static StageStarted stage(Stage stage) {
    return new StageStarted(stage);
  }
}
