package dev.espalier.worker.job;

import dev.espalier.contract.JobId;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.ModelTrained;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An admitted event.
 *
 * @param id follows from the event's source and id
 * @param event the event's own attributes
 * @param data what it says
 * @param source where its record was read
 */
public record Job(JobId id, Event event, ModelTrained data, ModelResult.Coordinates source) {

  /** The same with another trace context: its result then belongs below that. */
  public Job traced(@Nullable String traceparent) {
    Event traced = new Event(event.source, event.id, event.time, traceparent, event.tracestate);
    return new Job(id, traced, data, source);
  }

  /**
   * Attributes of the event that go on into its result.
   *
   * @param source its {@code source}
   * @param id its {@code id}
   * @param time its {@code time}; absent when it has none
   * @param traceparent W3C trace context, well-formed; absent otherwise
   * @param tracestate only beside a {@code traceparent}
   */
  public record Event(
      String source,
      String id,
      @Nullable Instant time,
      @Nullable String traceparent,
      @Nullable String tracestate) {}
}
