package dev.espalier.worker.publish;

import dev.espalier.contract.JobId;
import dev.espalier.contract.ReasonCode;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What becomes visible when a record's offset is committed. */
public sealed interface Disposition {

  /** The job's result. */
  record Result(JobId job, ResultRecord record) implements Disposition {}

  /** The record itself, for people to look at. */
  record DeadLetter(ReasonCode reason, ProducerRecord<byte[], byte[]> record)
      implements Disposition {}

  /** Nothing: the result of an equal record is visible already. */
  record Acknowledgement() implements Disposition {}
}
