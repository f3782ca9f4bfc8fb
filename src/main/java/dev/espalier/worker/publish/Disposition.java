package dev.espalier.worker.publish;

import dev.espalier.contract.JobId;
import dev.espalier.contract.ReasonCode;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What becomes visible when a record's offset is committed. */
public sealed interface Disposition {

  /** The job's result. */
  record Result(JobId job, ResultRecord record) implements Disposition {}

  /**
   * The record itself, for people to look at.
   *
   * @param record with everything that came
   * @param abridged without: for a record that the topic does not take whole
   */
  record DeadLetter(
      ReasonCode reason,
      ProducerRecord<byte[], byte[]> record,
      ProducerRecord<byte[], byte[]> abridged)
      implements Disposition {

    /** The same, sent abridged. */
    public DeadLetter shortened() {
      return new DeadLetter(reason, abridged, abridged);
    }
  }

  /** Nothing: the result of an equal record is visible already. */
  record Acknowledgement() implements Disposition {}
}
