package dev.espalier.worker.job;

import dev.espalier.contract.ModelTrained;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Sha256;
import dev.espalier.worker.config.WorkerConfig;
import dev.espalier.worker.storage.AllowedAddresses;
import dev.espalier.worker.storage.ObjectChangedException;
import dev.espalier.worker.storage.ObjectStore;
import dev.espalier.worker.storage.ObjectStore.Downloaded;
import dev.espalier.worker.storage.ObjectTooLargeException;
import dev.espalier.worker.storage.S3Uri;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Brings an event's objects to disk, and refuses what is not what the event says. */
@Singleton
class InputFetcher {
  /** A moving object is given this many chances to stand still. */
  private static final int READS = 3;

  private final ObjectStore store;
  private final AllowedAddresses allowed;
  private final long maxModelBytes;
  private final long maxDataBytes;
  private final long scratchBytes;

  InputFetcher(ObjectStore store, WorkerConfig config) {
    this.store = store;
    this.allowed = AllowedAddresses.of(config.store().allowedBuckets());
    this.maxModelBytes = config.limits().modelBytes().asLongValue();
    this.maxDataBytes = config.limits().dataBytes().asLongValue();
    this.scratchBytes = config.limits().scratchBytes().asLongValue();
  }

  /**
   * Fetches model and data into {@code directory}.
   *
   * @throws Refusal with {@code bucket-not-allowed}, {@code object-missing}, {@code
   *     object-too-large}, {@code object-changed} or {@code checksum-mismatch}
   */
  Inputs fetch(ModelTrained event, Path directory) throws IOException {
    ModelTrained.Model model = event.model();
    ModelTrained.Source validation = event.data().validation();
    ModelTrained.Source training = event.data().training();
    // All addresses are judged before the first byte is moved.
    S3Uri modelUri = allowed("model.uri", model.uri());
    S3Uri validationUri = allowed("data.validation.uri", validation.uri());
    S3Uri trainingUri = training == null ? null : allowed("data.training.uri", training.uri());
    Path modelFile = directory.resolve("model");
    long left = scratchBytes;
    Downloaded fetched =
        fetch("model.uri", modelUri, modelFile, model.sha256(), Math.min(maxModelBytes, left));
    left -= fetched.bytes();
    if (model.bytes() != null && fetched.bytes() != model.bytes()) {
      throw new Refusal(
          ReasonCode.CHECKSUM_MISMATCH,
          "model.uri holds %d bytes but model.bytes says %d; publish the event after the upload"
              .formatted(fetched.bytes(), model.bytes()));
    }
    Path validationFile = directory.resolve("validation.npz");
    left -=
        fetch(
                "data.validation.uri",
                validationUri,
                validationFile,
                validation.sha256(),
                Math.min(maxDataBytes, left))
            .bytes();
    if (trainingUri == null || training == null) {
      return new Inputs(modelFile, validationFile, null);
    }
    Path trainingFile = directory.resolve("training.npz");
    fetch(
        "data.training.uri",
        trainingUri,
        trainingFile,
        training.sha256(),
        Math.min(maxDataBytes, left));
    return new Inputs(modelFile, validationFile, trainingFile);
  }

  private S3Uri allowed(String field, String text) {
    S3Uri uri = S3Uri.parse(field, text);
    if (!allowed.allow(uri)) {
      throw new Refusal(
          ReasonCode.BUCKET_NOT_ALLOWED,
          field + " names " + uri + ", which espalier.store.allowed-buckets does not allow");
    }
    return uri;
  }

  private Downloaded fetch(
      String field, S3Uri uri, Path file, @Nullable Sha256 expected, long maxBytes)
      throws IOException {
    Downloaded fetched = download(field, uri, file, maxBytes);
    if (expected != null && !expected.equals(fetched.sha256())) {
      throw new Refusal(
          ReasonCode.CHECKSUM_MISMATCH,
          "%s holds an object with SHA-256 %s but the event says %s"
              .formatted(field, fetched.sha256(), expected));
    }
    return fetched;
  }

  private Downloaded download(String field, S3Uri uri, Path file, long maxBytes)
      throws IOException {
    for (int read = 1; ; read++) {
      try {
        return store.download(uri, file, maxBytes);
      } catch (NoSuchFileException e) {
        if (!uri.toString().equals(e.getFile())) {
          throw e;
        }
        throw new Refusal(
            ReasonCode.OBJECT_MISSING,
            field + " names " + uri + ", which does not exist; upload it before the event",
            e);
      } catch (ObjectTooLargeException e) {
        throw new Refusal(
            ReasonCode.OBJECT_TOO_LARGE,
            field + " names an object of " + e.getReason() + "; see espalier.limits",
            e);
      } catch (ObjectChangedException e) {
        if (read == READS) {
          throw new Refusal(
              ReasonCode.OBJECT_CHANGED,
              field + " was replaced during each of " + READS + " reads; write objects once",
              e);
        }
      }
    }
  }
}
