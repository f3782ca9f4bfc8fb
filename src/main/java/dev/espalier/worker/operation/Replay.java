package dev.espalier.worker.operation;

import dev.espalier.contract.JobId;
import dev.espalier.worker.publish.ResultCommitter;
import dev.espalier.worker.publish.ResultRecord;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;

/**
 * Announces stored results once more, byte for byte, for a reader that has lost what it had: a
 * consumer that knows the event's id takes it for the copy it is.
 */
@Singleton
class Replay {
  private final OperatorClients clients;
  private final ResultCommitter results;

  Replay(OperatorClients clients, ResultCommitter results) {
    this.clients = clients;
    this.results = results;
  }

  /** Announces the results of these jobs, in this order, all or none. */
  @SuppressWarnings("FutureReturnValueIgnored") // What a send failed with, the commit throws.
  List<Replayed> replay(List<JobId> jobs) throws IOException {
    List<Replayed> replayed = new ArrayList<>();
    List<ResultRecord> records = new ArrayList<>();
    for (JobId job : jobs) {
      Optional<ResultRecord> result = results.committed(job);
      result.ifPresent(records::add);
      replayed.add(new Replayed(job, result.map(ResultRecord::topic).orElse(null)));
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
}
