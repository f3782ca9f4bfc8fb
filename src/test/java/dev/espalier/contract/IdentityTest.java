package dev.espalier.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdentityTest {

  @Test
  void shouldBeTheSameJobWhenTheSameEventIsReadAgain() {
    // Computed with Python: base64.b32encode(sha256(b"/trainer\0e-1")).lower()[:26]
    assertThat(JobId.of("/trainer", "e-1").value()).isEqualTo("iryycqa52ouab77rys3pw5pkhy");
    assertThat(JobId.of("/trainer", "e-1")).isNotEqualTo(JobId.of("/traine", "re-1"));
  }

  @Test
  void shouldDeriveTheResultsIdWhenTheJobIsKnown() {
    // Computed with Python: uuid.uuid5(uuid.NAMESPACE_URL, job_id)
    assertThat(JobId.of("/trainer", "e-1").resultEventId())
        .hasToString("a57c9a9b-6a0f-5f03-88d4-c13a2c130bc2");
  }

  @Test
  void shouldKeepToOneLineWhenAReasonHasControlCharacters() {
    Reason reason = new Reason(ReasonCode.DATA_MALFORMED, "a\r\nb\u0000c" + "x".repeat(5_000));

    assertThat(reason.message()).startsWith("a b c").hasSize(Reason.MAX_MESSAGE_CHARS);
  }

  @Test
  void shouldNameTheTopicsTypeWhenAVerdictIsKnown() {
    assertThat(CloudEvents.resultType(Verdict.PRUNED)).isEqualTo("dev.espalier.model.pruned.v1");
    assertThat(CloudEvents.resultType(Verdict.NO_BENEFIT))
        .isEqualTo("dev.espalier.model.not-pruned.v1");
    assertThat(CloudEvents.subject("fashion-cnn", "42")).isEqualTo("models/fashion-cnn:42");
  }
}
