package dev.espalier.worker.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Verdict;
import dev.espalier.worker.publish.ResultRecord;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import dev.espalier.worker.storage.S3Uri;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What was accepted last of every model: where the search for its next version starts, and what its
 * trend is drawn from. It follows the order of events, by the offsets of their records, never by a
 * clock; nothing depends on it but how many trials a search takes.
 */
@Singleton
public class AcceptedModels {
  private static final Logger LOG = Logger.getLogger(AcceptedModels.class);
  private static final int MAX_BYTES = 4 << 20;

  private final ObjectStore store;
  private final ObjectKeys keys;

  AcceptedModels(ObjectStore store, ObjectKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  /**
   * The sparsity that a search for the next version of a model starts from; empty when nothing was
   * accepted under the same granularity, or the policy does not search.
   */
  Optional<Double> warmStart(String model, Policy policy) throws IOException {
    if (!policy.search().enabled()) {
      return Optional.empty();
    }
    return read(keys.lastAccepted(model))
        .flatMap(AcceptedModels::parsed)
        .filter(last -> last.granularity().equals(policy.granularity()))
        .map(LastAccepted::sparsity)
        .filter(sparsity -> sparsity > 0 && sparsity < 1);
  }

  /** Takes note of a committed result, if it is an accepted one and none later is noted. */
  void advance(ResultRecord record) throws IOException {
    ModelResult result = ContractJson.mapper().readValue(record.value(), ModelResult.class);
    if (result.result().verdict() != Verdict.PRUNED) {
      return;
    }
    Optional<LastAccepted> accepted = LastAccepted.of(result);
    S3Uri at = keys.lastAccepted(record.key());
    while (accepted.isPresent()) {
      byte[] ours = ContractJson.mapper().writeValueAsBytes(accepted.get());
      byte[] stored = read(at).orElse(null);
      boolean settled =
          stored != null
              && (Arrays.equals(stored, ours)
                  || parsed(stored).filter(accepted.get()::isBefore).isPresent());
      if (settled || store.replace(at, stored, ours)) {
        return;
      }
    }
  }

  /** Whether a result accepted its model, and that was accepted again for a later event. */
  public boolean isOutdated(ResultRecord record) throws IOException {
    Optional<LastAccepted> accepted =
        LastAccepted.of(ContractJson.mapper().readValue(record.value(), ModelResult.class));
    Optional<LastAccepted> last =
        read(keys.lastAccepted(record.key())).flatMap(AcceptedModels::parsed);
    return accepted.isPresent() && last.filter(accepted.get()::isBefore).isPresent();
  }

  /** What cannot be read is as good as not there, and is written over. */
  private Optional<byte[]> read(S3Uri at) throws IOException {
    try {
      return store.read(at, MAX_BYTES);
    } catch (FileSystemException e) {
      LOG.warnf("Last accepted model not read: object=%s cause=%s", at, e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<LastAccepted> parsed(byte... json) {
    try {
      return Optional.of(ContractJson.mapper().readValue(json, LastAccepted.class));
    } catch (JsonProcessingException e) {
      LOG.warnf("Last accepted model not understood: cause=%s", e.getOriginalMessage());
      return Optional.empty();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("an array cannot fail to be read", e);
    }
  }
}
