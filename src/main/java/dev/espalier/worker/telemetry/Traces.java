package dev.espalier.worker.telemetry;

import dev.espalier.contract.BuildVersion;
import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.contract.Reason;
import dev.espalier.contract.Verdict;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Spans of the worker, in the trace of the event that led to them. A span is a child of the one
 * that is current on its thread, and current until it ends; metrics taken meanwhile have it as
 * their exemplar. Nothing is recorded when traces go nowhere.
 */
@Singleton
public class Traces {
  private final Tracer tracer;

  Traces(OpenTelemetry telemetry) {
    tracer =
        telemetry
            .getTracerProvider()
            .tracerBuilder("dev.espalier")
            .setInstrumentationVersion(BuildVersion.current())
            .build();
  }

  /** The trace of a record, not begun yet: who sent it is known only when it has been read. */
  public RecordTrace of(Coordinates record) {
    return new RecordTrace(tracer, record);
  }

  /** What a span is about. */
  public interface Work<T> {
    T run() throws IOException, InterruptedException;
  }

  /** Does something within a span; what it fails with is recorded. */
  public <T> T stage(Stage stage, Work<T> work) throws IOException, InterruptedException {
    return within(begin(stage.name().toLowerCase(Locale.ROOT), SpanKind.INTERNAL), work);
  }

  /** The same for a whole attempt at a job, 1-based. */
  public <T> T attempt(int number, @Nullable Integer resumedFrom, Work<T> work)
      throws IOException, InterruptedException {
    Span span = begin("attempt", SpanKind.INTERNAL);
    span.setAttribute(SpanNames.ATTEMPT, number);
    if (resumedFrom != null) {
      span.setAttribute(SpanNames.RESUMED_FROM, resumedFrom);
    }
    return within(span, work);
  }

  /** An engine's run, as a part of the current span. */
  public EngineTrace engine() {
    return new EngineTrace(tracer, Context.current());
  }

  /** Sending to a topic, until the handle is closed; null for an offset alone. */
  public Sending sending(@Nullable String topic) {
    Span span = begin("announce", SpanKind.PRODUCER);
    span.setAttribute(SpanNames.MESSAGING_SYSTEM, SpanNames.KAFKA);
    span.setAttribute(SpanNames.OPERATION_TYPE, "send");
    span.setAttribute(SpanNames.OPERATION_NAME, "send");
    if (topic != null) {
      span.setAttribute(SpanNames.DESTINATION, topic);
    }
    return new Sending(span);
  }

  /** How the current record's job ended. */
  public void concluded(Verdict verdict, @Nullable Reason reason) {
    Span span = Span.current();
    span.setAttribute(SpanNames.VERDICT, verdict.wire());
    if (reason != null) {
      span.setAttribute(SpanNames.REASON, reason.code().wire());
    }
    if (verdict == Verdict.FAILED && reason != null) {
      fail(span, reason);
    }
  }

  /** Marks the current span as failed. */
  public void failed(Reason reason) {
    fail(Span.current(), reason);
  }

  static void fail(Span span, Reason reason) {
    span.setAttribute(SpanNames.ERROR_TYPE, reason.code().wire());
    span.setStatus(StatusCode.ERROR, reason.message());
  }

  static void fail(Span span, Throwable failure) {
    span.setAttribute(SpanNames.ERROR_TYPE, failure.getClass().getName());
    span.recordException(failure);
    span.setStatus(StatusCode.ERROR);
  }

  private Span begin(String name, SpanKind kind) {
    return tracer.spanBuilder(name).setSpanKind(kind).startSpan();
  }

  @SuppressWarnings("try") // The resource is what this thread works on meanwhile.
  private static <T> T within(Span span, Work<T> work) throws IOException, InterruptedException {
    try (Scope scope = span.makeCurrent()) {
      return work.run();
    } catch (IOException | InterruptedException | RuntimeException e) {
      fail(span, e);
      throw e;
    } finally {
      span.end();
    }
  }

  /** A span of its own that the caller ends. */
  public static final class Sending implements AutoCloseable {
    private final Span span;
    private final Scope scope;

    @SuppressWarnings("MustBeClosedChecker") // It is closed with this.
    private Sending(Span span) {
      this.span = span;
      this.scope = span.makeCurrent();
    }

    /** It did not take place. */
    public void failed(Throwable failure) {
      fail(span, failure);
    }

    @Override
    public void close() {
      scope.close();
      span.end();
    }
  }
}
