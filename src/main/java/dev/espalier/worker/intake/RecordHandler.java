package dev.espalier.worker.intake;

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
import dev.espalier.worker.telemetry.Redelivery;
import dev.espalier.worker.telemetry.WorkerMetrics;
import jakarta.inject.Singleton;
import java.io.IOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/** One record, on a slot: from its bytes to what is to become visible for it. */
@Singleton
class RecordHandler {
  private static final Logger LOG = Logger.getLogger(RecordHandler.class);

  private final Admission admission;
  private final DeadLetters deadLetters;
  private final JobRunner runner;
  private final AnnouncedMarks marks;
  private final FaultPoints faults;
  private final WorkerMetrics metrics;
  private final boolean supersede;

  RecordHandler(
      Admission admission,
      DeadLetters deadLetters,
      JobRunner runner,
      AnnouncedMarks marks,
      FaultPoints faults,
      WorkerMetrics metrics,
      WorkerConfig config) {
    this.admission = admission;
    this.deadLetters = deadLetters;
    this.runner = runner;
    this.marks = marks;
    this.faults = faults;
    this.metrics = metrics;
    this.supersede = config.policies().supersede();
  }

  /**
   * Handles a record; doing it again, anywhere, leads to the same end.
   *
   * @param waiting what waits behind it in its partition, as far as that is known
   * @throws InterruptedException when the partition was given up or the worker stops
   */
  Disposition handle(
      ConsumerRecord<byte[], byte[]> record, Iterable<ConsumerRecord<byte[], byte[]>> waiting)
      throws IOException, InterruptedException {
    Admission.Decision decision = admission.decide(record);
    if (decision instanceof Admission.DeadLettered dead) {
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
      metrics.redelivered(Redelivery.ACKNOWLEDGED);
      return new Disposition.Acknowledgement();
    }
    Successor successor = supersede ? new Succession(record, waiting, admission) : Successor.NONE;
    return run((Admission.Admitted) decision, successor);
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
    ResultRecord record = runner.run(job, admitted.again(), successor);
    LOG.infof("Job has its result: job=%s topic=%s", job.id(), record.topic());
    // While a copy was worked on, the record it is a copy of may have been answered elsewhere.
    if (!admitted.firstHere() && marks.exists(job.id())) {
      metrics.redelivered(Redelivery.ACKNOWLEDGED);
      return new Disposition.Acknowledgement();
    }
    return new Disposition.Result(job.id(), record);
  }
}
