package dev.espalier.worker.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Sha256;
import dev.espalier.worker.config.TestConfig;
import dev.espalier.worker.storage.InMemoryObjectStore;
import dev.espalier.worker.storage.ObjectStore;
import dev.espalier.worker.storage.S3Uri;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFetcherTest {
  private static final byte[] MODEL = "model".getBytes(UTF_8);

  @TempDir private Path directory;
  private final ObjectStore store = new InMemoryObjectStore();
  private final InputFetcher fetcher =
      new InputFetcher(store, TestConfig.with("espalier.limits.data-bytes", "1K"));

  @BeforeEach
  void upload() throws IOException {
    store.createExclusive(new S3Uri("models", "cnn/42/model.onnx"), MODEL);
    store.createExclusive(new S3Uri("datasets", "val.npz"), "data".getBytes(UTF_8));
  }

  @Test
  void shouldFetchModelAndData() throws IOException {
    Inputs inputs = fetcher.fetch(Jobs.job().data(), directory);
    assertThat(inputs.model()).hasBinaryContent(MODEL);
    assertThat(inputs.validation()).hasContent("data");
    assertThat(inputs.training()).isNull();
  }

  @Test
  void shouldFetchWhenDigestAndSizeAreAsTheEventSays() throws IOException {
    String data =
        Jobs.DATA.replace(
            "\"version\"",
            "\"sha256\": \"%s\", \"bytes\": 5, \"version\"".formatted(Sha256.of(MODEL)));
    assertThat(fetcher.fetch(Jobs.with(data).data(), directory).model()).exists();
  }

  @Test
  void shouldRefuseWhenDigestOrSizeIsAnother() {
    assertRefused(
        Jobs.DATA.replace("\"version\"", "\"sha256\": \"" + "0".repeat(64) + "\", \"version\""),
        ReasonCode.CHECKSUM_MISMATCH);
    assertRefused(
        Jobs.DATA.replace("\"version\"", "\"bytes\": 6, \"version\""),
        ReasonCode.CHECKSUM_MISMATCH);
  }

  @Test
  void shouldRefuseBeforeAnyDownloadWhenBucketIsForeign() {
    assertRefused(
        Jobs.DATA.replace("s3://datasets", "s3://elsewhere"), ReasonCode.BUCKET_NOT_ALLOWED);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void shouldAllowOnlyWhatLiesBelowAPrefixWhenOneIsConfigured() throws IOException {
    InputFetcher narrow =
        new InputFetcher(
            store,
            TestConfig.with("espalier.store.allowed-buckets", "models/cnn/42,datasets/val.npz"));

    assertThatThrownBy(() -> narrow.fetch(Jobs.job().data(), directory))
        .hasMessageContaining("bucket-not-allowed: data.validation.uri");

    InputFetcher wide =
        new InputFetcher(
            store, TestConfig.with("espalier.store.allowed-buckets", "models/cnn/,datasets"));
    assertThat(wide.fetch(Jobs.job().data(), directory).model()).hasBinaryContent(MODEL);
    assertThatThrownBy(
            () -> wide.fetch(Jobs.with(Jobs.DATA.replace("/cnn/", "/cnn-b/")).data(), directory))
        .hasMessageContaining("bucket-not-allowed: model.uri");
  }

  @Test
  void shouldRefuseWhenTheJobsFilesTogetherExceedTheirShareOfTheDisk() throws IOException {
    store.createExclusive(new S3Uri("datasets", "half.npz"), new byte[600 << 10]);
    InputFetcher tight =
        new InputFetcher(store, TestConfig.with("espalier.limits.scratch-bytes", "1M"));
    String data =
        Jobs.DATA.replace(
            "{\"validation\": {\"uri\": \"s3://datasets/val.npz\"}}",
            "{\"validation\": {\"uri\": \"s3://datasets/half.npz\"},"
                + " \"training\": {\"uri\": \"s3://datasets/half.npz\"}}");
    assertThat(data).contains("training");

    assertThatThrownBy(() -> tight.fetch(Jobs.with(data).data(), directory))
        .hasMessageContaining("object-too-large: data.training.uri");
  }

  @Test
  void shouldRefuseWhenObjectIsMissing() {
    assertRefused(Jobs.DATA.replace("model.onnx", "other.onnx"), ReasonCode.OBJECT_MISSING);
  }

  @Test
  void shouldRefuseWhenObjectIsTooLarge() throws IOException {
    store.createExclusive(new S3Uri("datasets", "large.npz"), new byte[1025]);
    assertRefused(Jobs.DATA.replace("val.npz", "large.npz"), ReasonCode.OBJECT_TOO_LARGE);
  }

  private void assertRefused(String data, ReasonCode code) {
    assertThatThrownBy(() -> fetcher.fetch(Jobs.with(data).data(), directory))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.reason().code()).isEqualTo(code));
  }
}
