package dev.espalier.worker.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.JobId;
import dev.espalier.worker.publish.Committers;
import dev.espalier.worker.publish.ResultCommitter;
import dev.espalier.worker.publish.ResultRecord;
import dev.espalier.worker.storage.InMemoryObjectStore;
import dev.espalier.worker.storage.Keys;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import dev.espalier.worker.storage.S3Uri;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OtherRunsTest {
  private static final JobId JOB = Jobs.job().id();
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration LOOK = Duration.ofMillis(1);
  private static final ResultRecord RESULT =
      new ResultRecord("model-pruned", "cnn", new TreeMap<>(Map.of("ce_id", "x")), "{}");

  private final ObjectKeys keys = Keys.in("espalier");
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final ResultCommitter results = Committers.in(store, keys);
  private final RunningJob other = Jobs.running();
  private final ClaimWriter claim = new ClaimWriter(store, keys.claim(JOB));

  @Test
  void shouldNotWaitWhenNobodyHasClaimedTheJob() throws Exception {
    assertThat(runs(store, LONG).await(JOB)).isEmpty();
  }

  @Test
  void shouldNotWaitWhenTheOtherWorkerGaveTheJobUp() throws Exception {
    other.stage(Claim.RELEASED);
    claim.write(other);
    assertThat(runs(store, LONG).await(JOB)).isEmpty();
  }

  @Test
  void shouldNotWaitForWhatIsNoClaim() throws Exception {
    store.createExclusive(keys.claim(JOB), "[]".getBytes(UTF_8));
    assertThat(runs(store, LONG).await(JOB)).isEmpty();
  }

  @Test
  void shouldTakeTheJobOverWhenItsClaimStandsStill() throws Exception {
    claim.write(other);
    assertThat(runs(store, SHORT).await(JOB)).isEmpty();
  }

  @Test
  void shouldTakeTheResultOfARunThatMovesUntilItHasOne() throws Exception {
    claim.write(other);
    // The other run moves whenever it is looked at, and ends after ten looks.
    ObjectStore moving = new Moving(10, true);
    assertThat(runs(moving, LONG).await(JOB)).contains(RESULT);
  }

  @Test
  void shouldTakeTheJobOverWhenTheOtherRunGivesItUpMeanwhile() throws Exception {
    claim.write(other);
    assertThat(runs(new Moving(10, false), LONG).await(JOB)).isEmpty();
  }

  @Test
  void shouldStopWaitingWhenInterrupted() throws Exception {
    claim.write(other);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> runs(store, LONG).await(JOB)).isInstanceOf(InterruptedException.class);
  }

  private OtherRuns runs(ObjectStore seen, Duration standstill) {
    return new OtherRuns(seen, keys, Committers.in(seen, keys), standstill, LOOK);
  }

  private final class Moving implements ObjectStore {
    private final boolean commits;
    private int looks;

    private Moving(int looks, boolean commits) {
      this.looks = looks;
      this.commits = commits;
    }

    @Override
    public Optional<byte[]> read(S3Uri from, int maxBytes) throws IOException {
      if (from.equals(keys.claim(JOB))) {
        looks--;
        other.stage(looks > 0 || commits ? "prune" : Claim.RELEASED);
        claim.write(other);
        if (looks <= 0 && commits) {
          results.commit(JOB, RESULT);
        }
      }
      return store.read(from, maxBytes);
    }

    @Override
    public boolean replace(S3Uri at, byte @Nullable [] expected, byte[] content) {
      return store.replace(at, expected, content);
    }

    @Override
    public void upload(Path file, S3Uri to) throws IOException {
      store.upload(file, to);
    }

    @Override
    public Downloaded download(S3Uri from, Path to, long maxBytes) throws IOException {
      return store.download(from, to, maxBytes);
    }

    @Override
    public List<S3Uri> list(S3Uri prefix, int limit) {
      return store.list(prefix, limit);
    }
  }
}
