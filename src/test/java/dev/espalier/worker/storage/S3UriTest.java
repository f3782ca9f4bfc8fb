package dev.espalier.worker.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3UriTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://models/fashion-cnn/42/model.onnx",
        "s3://a.b-c/k",
        "s3://models/a..b/...",
        "s3://models/run=1/it's(1)+x"
      })
  void shouldReadBackWhatItPrintsWhenAddressIsPlain(String text) {
    assertThat(S3Uri.parse("model.uri", text).toString()).isEqualTo(text);
  }

  @Test
  void shouldSplitAtFirstSlashWhenKeyHasSlashes() {
    assertThat(S3Uri.parse("model.uri", "s3://models/a/b/c"))
        .isEqualTo(new S3Uri("models", "a/b/c"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s3://",
        "s3://models",
        "s3://models/",
        "s3:///key",
        "s3://x/key",
        "s3://Models/key",
        "S3://models/key",
        "http://models/key",
        "file:///etc/passwd",
        "s3://user@models/key",
        "s3://user:secret@models/key",
        "s3://models:9000/key",
        "s3://models/../other/key",
        "s3://models/a/../../key",
        "s3://models/./key",
        "s3://models//key",
        "s3://models/key/",
        "s3://models/%2e%2e/key",
        "s3://models/a%2fb",
        "s3://models/key?versionId=1",
        "s3://models/key#part",
        "s3://models/a\\b",
        "s3://models/a\nb",
        "s3://models/a\u0000b",
        "s3://models/a b",
        "s3://models/schlüssel",
        " s3://models/key"
      })
  void shouldRefuseWhenAddressHasAnotherForm(String text) {
    assertThatThrownBy(() -> S3Uri.parse("model.uri", text))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.reason().code()).isEqualTo(ReasonCode.SCHEMA_VIOLATION);
              assertThat(refusal.reason().message()).startsWith("model.uri ");
            });
  }

  @Test
  void shouldRefuseWhenKeyIsTooLong() {
    assertThatThrownBy(() -> S3Uri.parse("model.uri", "s3://models/" + "k".repeat(1_025)))
        .isInstanceOf(Refusal.class);
  }
}
