package dev.espalier.worker.pages;

import dev.espalier.contract.ByProduct;
import dev.espalier.contract.CloudEvents;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.JobId;
import dev.espalier.contract.ModelResult;
import dev.espalier.worker.publish.ResultRecord;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.Stores;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;

/** What the store holds of a job that has its result, however long ago that was. */
@Singleton
class StoredJobs {
  private static final int MAX_RESULT_BYTES = 4 << 20;
  private static final int MAX_REPORT_BYTES = 8 << 20;

  private final Instance<Stores> stores;
  private final ObjectKeys keys;

  StoredJobs(Instance<Stores> stores, ObjectKeys keys) {
    this.stores = stores;
    this.keys = keys;
  }

  /** A committed result. */
  record Stored(String model, String version, ModelResult result) {}

  /**
   * The job's result; empty while it has none.
   *
   * @throws IOException when the store does not answer
   */
  Optional<Stored> result(JobId job) throws IOException {
    Optional<byte[]> content = stores.get().direct().read(keys.result(job), MAX_RESULT_BYTES);
    return content.isEmpty() ? Optional.empty() : Optional.of(stored(content.get()));
  }

  /** Whether somebody asked for the job's end. */
  boolean isCancelling(JobId job) throws IOException {
    return stores.get().direct().read(keys.cancel(job), MAX_RESULT_BYTES).isPresent();
  }

  private static Stored stored(byte[] content) throws IOException {
    ResultRecord record = ResultRecord.fromJson(content);
    String subject = record.headers().getOrDefault(CloudEvents.SUBJECT_HEADER, "");
    String start = CloudEvents.subject(record.key(), "");
    return new Stored(
        record.key(),
        subject.startsWith(start) ? subject.substring(start.length()) : "",
        ContractJson.mapper().readValue(record.value(), ModelResult.class));
  }

  /**
   * The report of the attempt that the result is of. Its address is built here and not taken from
   * the record: only reports of ours are served.
   */
  Optional<byte[]> report(JobId job) throws IOException {
    Optional<Stored> stored = result(job).filter(s -> s.result().links() != null);
    return stored.isEmpty()
        ? Optional.empty()
        : stores
            .get()
            .direct()
            .read(
                keys.artifact(job, stored.get().result().job().attempt(), ByProduct.REPORT.file()),
                MAX_REPORT_BYTES);
  }
}
