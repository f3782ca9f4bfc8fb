package dev.espalier.worker.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.JobId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectKeysTest {
  private static final JobId JOB = new JobId("abcdefghijklmnopqrstuvwxyz");

  @Test
  void shouldBuildKeysOfTheContract() {
    ObjectKeys keys = new ObjectKeys("out", "espalier");
    String job = "s3://out/espalier/jobs/abcdefghijklmnopqrstuvwxyz/";
    assertThat(keys.admitted(JOB)).hasToString(job + "admitted.json");
    assertThat(keys.claim(JOB)).hasToString(job + "claim");
    assertThat(keys.cancel(JOB)).hasToString(job + "cancel");
    assertThat(keys.attempts(JOB)).hasToString(job + "attempts/");
    assertThat(keys.attempt(JOB, 2)).hasToString(job + "attempts/2");
    assertThat(keys.ended(JOB, 2, "died")).hasToString(job + "attempts/2.died");
    assertThat(keys.checkpoints(JOB)).hasToString(job + "checkpoints/");
    assertThat(keys.checkpoint(JOB, 7)).hasToString(job + "checkpoints/7.ckpt");
    assertThat(keys.result(JOB)).hasToString(job + "result.json");
    assertThat(keys.announced(JOB)).hasToString(job + "announced");
    assertThat(keys.artifact(JOB, 2, "model.onnx"))
        .hasToString("s3://out/espalier/artifacts/abcdefghijklmnopqrstuvwxyz/2/model.onnx");
    assertThat(keys.probe("x")).hasToString("s3://out/espalier/probes/x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "/a/b", "a/b/", "//a/b//"})
  void shouldGiveSameKeysWhateverSlashesSurroundPrefix(String prefix) {
    assertThat(new ObjectKeys("out", prefix).probe("x")).hasToString("s3://out/a/b/probes/x");
  }

  @Test
  void shouldStartAtBucketWhenPrefixIsEmpty() {
    assertThat(new ObjectKeys("out", "").probe("x")).hasToString("s3://out/probes/x");
  }
}
