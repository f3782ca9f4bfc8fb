package dev.espalier.worker.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.ContractJson;
import dev.espalier.worker.storage.InMemoryObjectStore;
import dev.espalier.worker.storage.Keys;
import dev.espalier.worker.storage.ObjectStore;
import dev.espalier.worker.storage.S3Uri;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ClaimWriterTest {
  private static final S3Uri AT = Keys.in("espalier").claim(Jobs.job().id());

  private final ObjectStore store = new InMemoryObjectStore();
  private final RunningJob job = Jobs.running();
  private final ClaimWriter writer = new ClaimWriter(store, AT);

  @Test
  void shouldWriteEveryChange() throws IOException {
    writer.write(job);
    assertThat(stored()).isEqualTo(job.claim());
    job.stage("fetch");
    writer.write(job);
    assertThat(stored()).isEqualTo(job.claim());
    assertThat(stored().stage()).isEqualTo("fetch");
  }

  @Test
  void shouldNotWriteAgainWhenNothingHasChangedJustNow() throws IOException {
    writer.write(job);
    Claim first = stored();
    writer.write(job);
    assertThat(stored()).isEqualTo(first);
  }

  @Test
  void shouldTakeOverTheClaimOfAnEarlierRun() throws IOException {
    store.createExclusive(AT, "whatever it was".getBytes(UTF_8));
    writer.write(job);
    assertThat(stored()).isEqualTo(job.claim());
  }

  @Test
  void shouldGoOnWhenAnotherWorkerWroteBetween() throws IOException {
    writer.write(job);
    RunningJob other = new RunningJob(Jobs.job(), Successor.NONE, "other-7", running -> {});
    new ClaimWriter(store, AT).write(other);
    assertThat(stored().worker()).isEqualTo("other-7");
    job.stage("fetch");
    writer.write(job);
    assertThat(stored()).isEqualTo(job.claim());
  }

  private Claim stored() throws IOException {
    byte[] content = store.read(AT, 16 << 10).orElseThrow();
    return ContractJson.mapper().readValue(content, Claim.class);
  }
}
