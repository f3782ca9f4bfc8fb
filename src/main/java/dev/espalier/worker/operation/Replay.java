package dev.espalier.worker.operation;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.JobId;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.worker.job.AcceptedModels;
import dev.espalier.worker.publish.AnnouncedMarks;
import dev.espalier.worker.publish.ResultCommitter;
import dev.espalier.worker.publish.ResultRecord;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/**
 * Announces stored results once more, byte for byte, for a reader that has lost what it had: a
 * consumer that knows the event's id takes it for the copy it is.
 */
@Singleton
class Replay {
  private final OperatorClients clients;
  private final ResultCommitter results;
  private final AnnouncedMarks marks;
  private final AcceptedModels accepted;

  Replay(
      OperatorClients clients,
      ResultCommitter results,
      AnnouncedMarks marks,
      AcceptedModels accepted) {
    this.clients = clients;
    this.results = results;
    this.marks = marks;
    this.accepted = accepted;
  }

  /** Announces the results of these jobs that were announced before, in this order, all or none. */
  @SuppressWarnings("FutureReturnValueIgnored") // What a send failed with, the commit throws.
  List<Replayed> replay(List<JobId> jobs) throws IOException {
    List<Replayed> replayed = new ArrayList<>();
    List<ResultRecord> records = new ArrayList<>();
    for (JobId job : jobs) {
      Optional<ResultRecord> result = results.committed(job);
      if (result.isEmpty()) {
        replayed.add(new Replayed(job, Replayed.State.NO_RESULT, null, false));
      } else if (isAnnounced(job, result.get())) {
        ResultRecord record = result.get();
        records.add(record);
        boolean outdated = accepted.isOutdated(record);
        replayed.add(new Replayed(job, Replayed.State.ANNOUNCED, record.topic(), outdated));
      } else {
        replayed.add(new Replayed(job, Replayed.State.NOT_ANNOUNCED_YET, null, false));
      }
    }
    if (!records.isEmpty()) {
      try (Producer<byte[], byte[]> producer = clients.producer("replay")) {
        producer.initTransactions();
        producer.beginTransaction();
        records.forEach(record -> producer.send(record.toKafka()));
        producer.commitTransaction();
      }
    }
    return replayed;
  }

  /** The marker may be missing after a crash; the group has then gone past the job's record. */
  private boolean isAnnounced(JobId job, ResultRecord record) throws IOException {
    if (marks.exists(job)) {
      return true;
    }
    Coordinates source =
        ContractJson.mapper().readValue(record.value(), ModelResult.class).job().source();
    return source != null
        && clients.committed(new TopicPartition(source.topic(), source.partition()))
            > source.offset();
  }
}
