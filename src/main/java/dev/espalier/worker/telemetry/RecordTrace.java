package dev.espalier.worker.telemetry;

import dev.espalier.contract.JobId;
import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.contract.Reason;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.time.Instant;
import java.util.Map;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * The span of a record, from when it got a slot until its offset is committed. It is a child of the
 * span that the event names, so that the job is in its producer's trace; every attempt, on whatever
 * worker, is such a child. Made and ended by the poll thread, begun by the slot's.
 */
public final class RecordTrace implements AutoCloseable {
  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
  private static final TextMapGetter<Map<String, String>> GETTER = new FromMap();
  private static final String MDC_JOB = "jobId";
  private static final String MDC_TRACE = "traceId";
  private static final String MDC_SPAN = "spanId";

  /** For formats that cannot leave a label out where its value is absent. */
  private static final String MDC_TRACE_FIELD = "traceField";

  private final Tracer tracer;
  private final Coordinates record;
  private final Instant received = Instant.now();
  private volatile Span span = Span.getInvalid();
  private volatile @Nullable JobId job;

  RecordTrace(Tracer tracer, Coordinates record) {
    this.tracer = tracer;
    this.record = record;
  }

  /**
   * Begins the span, in the trace that the event belongs to, or in one of its own.
   *
   * @param traceparent W3C trace context; what is no such thing is ignored
   * @param tracestate beside it
   */
  public void begin(@Nullable String traceparent, @Nullable String tracestate) {
    Context parent = Context.root();
    if (traceparent != null) {
      Map<String, String> carrier =
          tracestate == null
              ? Map.of("traceparent", traceparent)
              : Map.of("traceparent", traceparent, "tracestate", tracestate);
      parent = W3C.extract(parent, carrier, GETTER);
    }
    Span begun =
        tracer
            .spanBuilder("process " + record.topic())
            .setSpanKind(SpanKind.CONSUMER)
            .setParent(parent)
            .setStartTimestamp(received)
            .setAttribute(SpanNames.MESSAGING_SYSTEM, SpanNames.KAFKA)
            .setAttribute(SpanNames.OPERATION_TYPE, "process")
            .setAttribute(SpanNames.OPERATION_NAME, "process")
            .setAttribute(SpanNames.DESTINATION, record.topic())
            .setAttribute(SpanNames.PARTITION, Integer.toString(record.partition()))
            .setAttribute(SpanNames.OFFSET, record.offset())
            .startSpan();
    // Where nothing is recorded, this is the event's own span: none of ours.
    span = begun.getSpanContext().isRemote() ? Span.getInvalid() : begun;
  }

  /** Says which job the record is about. */
  public void describe(JobId id, String eventSource, String eventId, boolean again) {
    job = id;
    span.setAttribute(SpanNames.JOB, id.value());
    span.setAttribute(SpanNames.EVENT_SOURCE, eventSource);
    span.setAttribute(SpanNames.EVENT_ID, eventId);
    span.setAttribute(SpanNames.REDELIVERED, again);
  }

  /** Says which model it is about; both as the event's schema bounds them. */
  public void describeModel(String name, String version) {
    span.setAttribute(SpanNames.MODEL_NAME, name);
    span.setAttribute(SpanNames.MODEL_VERSION, version);
  }

  /** Marks the record as one that cannot be answered. */
  public void failed(Reason reason) {
    Traces.fail(span, reason);
  }

  /** Marks this try as one that a fault of the worker or its surroundings ended. */
  public void failed(Throwable failure) {
    Traces.fail(span, failure);
  }

  /** The span as a {@code traceparent}; the given one where nothing is recorded. */
  public @Nullable String traceparent(@Nullable String otherwise) {
    SpanContext context = span.getSpanContext();
    return context.isValid()
        ? "00-%s-%s-%s"
            .formatted(context.getTraceId(), context.getSpanId(), context.getTraceFlags().asHex())
        : otherwise;
  }

  /** Makes the span the current one of this thread, and of what it logs, until closed. */
  public Active activate() {
    return new Active(span, job);
  }

  /** Ends the span of a record that another worker goes on with. */
  public void giveUp() {
    span.addEvent("partition given up");
    span.end();
  }

  /** Ends the span; without effect when it has ended or never begun. */
  @Override
  public void close() {
    span.end();
  }

  /** A thread that works on the record. */
  public static final class Active implements AutoCloseable {
    private final Scope scope;

    @SuppressWarnings("MustBeClosedChecker") // It is closed with this.
    private Active(Span span, @Nullable JobId job) {
      scope = span.makeCurrent();
      if (job != null) {
        MDC.put(MDC_JOB, job.value());
      }
      SpanContext context = span.getSpanContext();
      if (context.isValid()) {
        MDC.put(MDC_TRACE, context.getTraceId());
        MDC.put(MDC_SPAN, context.getSpanId());
        MDC.put(MDC_TRACE_FIELD, " trace=" + context.getTraceId());
      }
    }

    @Override
    public void close() {
      MDC.remove(MDC_JOB);
      MDC.remove(MDC_TRACE);
      MDC.remove(MDC_SPAN);
      MDC.remove(MDC_TRACE_FIELD);
      scope.close();
    }
  }

  private static final class FromMap implements TextMapGetter<Map<String, String>> {
    @Override
    public Iterable<String> keys(Map<String, String> carrier) {
      return carrier.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
      return carrier == null ? null : carrier.get(key);
    }
  }
}
