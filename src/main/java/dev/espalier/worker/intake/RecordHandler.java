package dev.espalier.worker.intake;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.espalier.contract.CloudEvents;
import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.contract.Refusal;
import dev.espalier.worker.config.FaultPoint;
import dev.espalier.worker.config.FaultPoints;
import dev.espalier.worker.config.WorkerConfig;
import dev.espalier.worker.job.Job;
import dev.espalier.worker.job.JobRunner;
import dev.espalier.worker.job.Successor;
import dev.espalier.worker.publish.AnnouncedMarks;
import dev.espalier.worker.publish.Disposition;
import dev.espalier.worker.publish.ResultRecord;
import dev.espalier.worker.telemetry.Quoted;
import dev.espalier.worker.telemetry.RecordTrace;
import dev.espalier.worker.telemetry.Redelivery;
import dev.espalier.worker.telemetry.Traces;
import dev.espalier.worker.telemetry.WorkerMetrics;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jboss.logging.Logger;

/** One record, on a slot: from its bytes to what is to become visible for it. */
@Singleton
class RecordHandler {
  private static final Logger LOG = Logger.getLogger(RecordHandler.class);

  /** Longer than what a worker that lives takes from the commit of a result to its marker. */
  private static final Duration ANNOUNCEMENT = Duration.ofSeconds(15);

  private final Admission admission;
  private final DeadLetters deadLetters;
  private final JobRunner runner;
  private final AnnouncedMarks marks;
  private final FaultPoints faults;
  private final WorkerMetrics metrics;
  private final Traces traces;
  private final boolean supersede;

  RecordHandler(
      Admission admission,
      DeadLetters deadLetters,
      JobRunner runner,
      AnnouncedMarks marks,
      FaultPoints faults,
      WorkerMetrics metrics,
      Traces traces,
      WorkerConfig config) {
    this.admission = admission;
    this.deadLetters = deadLetters;
    this.runner = runner;
    this.marks = marks;
    this.faults = faults;
    this.metrics = metrics;
    this.traces = traces;
    this.supersede = config.policies().supersede();
  }

  /** The trace to handle a record in. */
  RecordTrace trace(ConsumerRecord<byte[], byte[]> record) {
    return traces.of(new Coordinates(record.topic(), record.partition(), record.offset()));
  }

  /**
   * Handles a record; doing it again, anywhere, leads to the same end.
   *
   * @param waiting what waits behind it in its partition, as far as that is known
   * @param trace not begun yet
   * @throws InterruptedException when the partition was given up or the worker stops
   */
  @SuppressWarnings("try") // The resource is what this thread works on meanwhile.
  Disposition handle(
      ConsumerRecord<byte[], byte[]> record,
      Iterable<ConsumerRecord<byte[], byte[]>> waiting,
      RecordTrace trace)
      throws IOException, InterruptedException {
    Admission.Decision decision = admission.decide(record);
    if (decision instanceof Admission.DeadLettered dead) {
      begin(trace, record);
      trace.failed(dead.reason());
      LOG.warnf(
          "Dead letter: partition=%s-%d offset=%d reason=%s",
          record.topic(),
          record.partition(),
          record.offset(),
          new Quoted(dead.reason().toString()));
      return deadLetters.of(record, dead.reason());
    }
    if (decision instanceof Admission.Duplicate duplicate) {
      LOG.infof("Duplicate acknowledged: job=%s", duplicate.job());
      begin(trace, record);
      metrics.redelivered(Redelivery.ACKNOWLEDGED);
      return new Disposition.Acknowledgement();
    }
    Successor successor = supersede ? new Succession(record, waiting, admission) : Successor.NONE;
    Admission.Admitted admitted = begin(trace, (Admission.Admitted) decision);
    try (RecordTrace.Active active = trace.activate()) {
      return run(admitted, successor);
    }
  }

  /** Begins the trace of a job, whose result then names it. */
  private static Admission.Admitted begin(RecordTrace trace, Admission.Admitted admitted) {
    Job job = admitted.job();
    Job.Event event = job.event();
    trace.begin(event.traceparent(), event.tracestate());
    trace.describe(job.id(), event.source(), event.id(), admitted.again());
    trace.describeModel(job.data().model().name(), job.data().model().version());
    return new Admission.Admitted(
        job.traced(trace.traceparent(event.traceparent())), admitted.firstHere(), admitted.again());
  }

  /** Begins the trace of a record that leads to no job, and may not even be an event. */
  private static void begin(RecordTrace trace, ConsumerRecord<byte[], byte[]> record) {
    try {
      Job.Event event = CloudEventReader.read(record).attributes();
      trace.begin(event.traceparent(), event.tracestate());
    } catch (Refusal e) {
      Header parent = record.headers().lastHeader(CloudEvents.TRACE_PARENT_HEADER);
      byte[] value = parent == null ? null : parent.value();
      trace.begin(value == null ? null : new String(value, US_ASCII), null);
    }
  }

  private Disposition run(Admission.Admitted admitted, Successor successor)
      throws IOException, InterruptedException {
    faults.pass(FaultPoint.AFTER_ADMISSION);
    Job job = admitted.job();
    LOG.infof(
        "Job admitted: job=%s model=%s version=%s partition=%s-%d offset=%d again=%b",
        job.id(),
        new Quoted(job.data().model().name()),
        new Quoted(job.data().model().version()),
        job.source().topic(),
        job.source().partition(),
        job.source().offset(),
        admitted.again());
    JobRunner.Ended ended = runner.run(job, admitted.again(), successor);
    ResultRecord record = ended.record();
    LOG.infof("Job has its result: job=%s topic=%s", job.id(), record.topic());
    // While a copy was worked on, the record it is a copy of may have been answered elsewhere, or
    // is being answered: whoever made the result announces it next.
    if (!admitted.firstHere()
        && marks.await(job.id(), ended.ours() ? Duration.ZERO : ANNOUNCEMENT)) {
      metrics.redelivered(Redelivery.ACKNOWLEDGED);
      return new Disposition.Acknowledgement();
    }
    return new Disposition.Result(job.id(), record);
  }
}
