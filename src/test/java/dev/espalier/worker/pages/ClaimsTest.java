package dev.espalier.worker.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.JobId;
import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.contract.ModelTrained;
import dev.espalier.worker.intake.WaitingEvent;
import dev.espalier.worker.job.Claim;
import dev.espalier.worker.job.Job;
import dev.espalier.worker.job.JobProgress;
import dev.espalier.worker.job.RunningJobs;
import dev.espalier.worker.storage.InMemoryObjectStore;
import dev.espalier.worker.storage.Keys;
import dev.espalier.worker.storage.ObjectKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimsTest {
  private static final Coordinates PLACE = new Coordinates("model-trained", 0, 0);
  private static final JobId JOB = JobId.of("/training", "a");
  private static final JobId OTHER = JobId.of("/training", "b");

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final ObjectKeys keys = Keys.in("espalier");
  private final Claims claims = new Claims(() -> store, keys, new RunningJobs());

  @Test
  void shouldShowTheOthersWhenAClaimIsLargerThanAny() throws IOException {
    store.createExclusive(keys.claim(JOB), new byte[1 << 20]);
    write(OTHER, claim(1));

    assertThat(claims.of(List.of(event(JOB), event(OTHER))))
        .extracting(running -> running.event().job())
        .containsExactly(OTHER);
  }

  @Test
  void shouldForgetAnOwnRunWhenItsProgressIsToldAfterItsEnd() throws IOException {
    claims.progressed(new JobProgress(job(), claim(3), true));
    claims.progressed(new JobProgress(job(), claim(2), false));
    write(JOB, claim(1));

    assertThat(claims.of(List.of(event(JOB))).get(0).trail())
        .extracting(RunningJob.Step::step)
        .containsExactly(1);
  }

  private void write(JobId job, Claim claim) throws IOException {
    store.createExclusive(keys.claim(job), ContractJson.mapper().writeValueAsBytes(claim));
  }

  private static Job job() throws IOException {
    Path example = Path.of("schemas", "examples", "model-trained-minimal.json");
    return new Job(
        JOB,
        new Job.Event("/training", "a", Instant.EPOCH, null, null),
        ContractJson.mapper().readValue(Files.readAllBytes(example), ModelTrained.class),
        PLACE);
  }

  private static WaitingEvent event(JobId job) {
    return new WaitingEvent(job, "cnn", "1", PLACE, Instant.EPOCH, true);
  }

  private static Claim claim(int step) {
    return new Claim("w", 1, step, "pruning", 0.5, step, 9, 0.1, 0.9, Instant.EPOCH);
  }
}
