package dev.espalier.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PolicyDigestTest {

  @Test
  void shouldSortMembersAndWriteNumbersPlainlyWhenCanonical() {
    Policy policy = PolicyReader.readYaml("{name: x, recover: {learning-rate: 1.0e-5}}");

    assertThat(PolicyDigest.canonical(policy))
        .isEqualTo(
            "{\"budget\":{\"max-duration\":\"PT2H\"},\"criterion\":\"magnitude\",\"exclude\":[],\"fallback\":[],"
                + "\"gate\":{\"confidence\":0.95,\"drop-type\":\"absolute\",\"max-drop\":0.01,\"metric\":\"accuracy\","
                + "\"min-size-reduction\":0.1},\"gradient-samples\":512,\"granularity\":\"weight\",\"minimum-kept\":0.02,"
                + "\"name\":\"x\",\"overrides\":[],\"quantize\":\"none\",\"recover\":{\"batch\":128,\"epochs\":1,"
                + "\"learning-rate\":0.00001,\"learning-rate-schedule\":\"constant\",\"momentum\":0.9,"
                + "\"optimizer\":\"adam\",\"recalibrate-batch-norm\":true,\"weight-decay\":0.01},\"round-to\":1,\"schedule\":{\"from\":0,"
                + "\"kind\":\"cubic\",\"steps\":8},\"scope\":\"global\",\"search\":{\"enabled\":false,"
                + "\"max-trials\":12,\"resolution\":0.005},\"seed\":42,\"sign\":\"positive\","
                + "\"target\":{\"sparsity\":0.9}}");
  }

  @Test
  void shouldBeTheSameWhenTheSamePolicyIsWrittenDifferently() {
    assertThat(
            PolicyDigest.of(PolicyReader.readYaml("{seed: 42, name: x, gate: {max-drop: 0.010}}")))
        .isEqualTo(PolicyDigest.of(PolicyReader.readYaml("name: x")));
  }

  @Test
  void shouldDifferWhenAnyValueDiffers() {
    assertThat(PolicyDigest.of(PolicyReader.readYaml("{name: x, seed: 43}")))
        .isNotEqualTo(PolicyDigest.of(PolicyReader.readYaml("name: x")));
  }
}
