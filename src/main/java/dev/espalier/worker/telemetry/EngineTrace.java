package dev.espalier.worker.telemetry;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.Progress;
import dev.espalier.contract.Reason;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Spans of an engine's stages and steps, from the lines that it reports and the moments at which
 * they arrive: the engine itself knows of no trace. Pruning, recovery and evaluation of a step are
 * children of the step; everything else of what was current when the engine was started. Lines come
 * from a process that has read a stranger's model: only numbers and names of our own are kept, and
 * of a bounded number of spans.
 */
public final class EngineTrace implements AutoCloseable {
  /** Far more than a search of a hundred trials has. */
  static final int MAX_SPANS = 2_000;

  private final Tracer tracer;
  private final Context parent;
  private @Nullable Span step;
  private @Nullable Span stage;
  private int begun;
  private long unrecorded;
  private boolean closed;

  EngineTrace(Tracer tracer, Context parent) {
    this.tracer = tracer;
    this.parent = parent;
  }

  /** Takes note of a line. */
  public synchronized void accept(Progress progress) {
    if (closed) {
      return;
    }
    if (progress instanceof Progress.StageStarted started) {
      began(started.stage());
    } else if (progress instanceof Progress.StepFinished finished) {
      finished(finished);
    }
  }

  private void began(Progress.Stage next) {
    stage = ended(stage);
    boolean opensStep = next == Progress.Stage.PRUNE || next == Progress.Stage.RECOVER;
    if (step == null && opensStep) {
      step = begin("step", parent);
    } else if (!opensStep && next != Progress.Stage.EVALUATE) {
      step = ended(step);
    }
    Context above = step == null ? parent : parent.with(step);
    stage = begin(next.name().toLowerCase(Locale.ROOT), above);
  }

  private void finished(Progress.StepFinished finished) {
    stage = ended(stage);
    if (step == null) {
      return;
    }
    step.setAttribute(SpanNames.STEP, finished.step());
    step.setAttribute(SpanNames.STEPS, finished.steps());
    step.setAttribute(SpanNames.SPARSITY, finished.sparsity());
    Double metric = finished.metric();
    if (metric != null) {
      step.setAttribute(SpanNames.METRIC, metric);
    }
    step = ended(step);
  }

  /** Takes note of how the run ended. */
  public synchronized void ended(EngineOutcome outcome) {
    if (outcome instanceof EngineOutcome.Failed failed) {
      fail(failed.reason());
    } else if (outcome instanceof EngineOutcome.Hindered hindered) {
      fail(hindered.reason());
    }
  }

  private void fail(Reason reason) {
    if (stage != null) {
      Traces.fail(stage, reason);
    }
    if (step != null) {
      Traces.fail(step, reason);
    }
    Traces.fail(Span.fromContext(parent), reason);
  }

  /** Ends what is open: the run is over. */
  @Override
  public synchronized void close() {
    closed = true;
    stage = ended(stage);
    step = ended(step);
    if (unrecorded > 0) {
      Span.fromContext(parent).setAttribute(SpanNames.UNRECORDED, unrecorded);
    }
  }

  private @Nullable Span begin(String name, Context above) {
    if (begun == MAX_SPANS) {
      unrecorded++;
      return null;
    }
    begun++;
    return tracer.spanBuilder(name).setParent(above).startSpan();
  }

  private static @Nullable Span ended(@Nullable Span span) {
    if (span != null) {
      span.end();
    }
    return null;
  }
}
