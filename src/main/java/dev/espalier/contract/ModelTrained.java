package dev.espalier.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Data of a {@code model-trained} event, as {@code schemas/model-trained/v1.json} defines it.
 *
 * @param model the trained model
 * @param data where its data are
 * @param task what it predicts; inferred from the labels when absent
 * @param metrics what training reported; for the record only
 * @param policy a configured policy's name, or an inline policy object; absent: configuration
 *     decides
 * @param preprocess what to do to inputs before the model sees them
 * @param extensions free-form, bounded, ignored
 * @param run the training run
 * @param deadline after which no result is wanted
 */
public record ModelTrained(
    Model model,
    Data data,
    @Nullable Task task,
    @Nullable Map<String, Double> metrics,
    @Nullable JsonNode policy,
    JobSpec.@Nullable Preprocess preprocess,
    @Nullable JsonNode extensions,
    @Nullable Run run,
    @Nullable Instant deadline) {

  /**
   * The model.
   *
   * @param name identifies the model across versions; the record's key
   * @param version identifies this training's outcome
   * @param uri {@code s3://bucket/key}
   * @param format declared format; detected from content when absent
   * @param sha256 digest of the object, compared after the download
   * @param bytes size of the object, compared with what was downloaded
   */
  public record Model(
      String name,
      String version,
      String uri,
      @Nullable ModelFormat format,
      @Nullable Sha256 sha256,
      @Nullable Long bytes) {}

  /**
   * The data.
   *
   * @param validation what the gate measures on
   * @param training what recovery trains on; absent: no recovery
   */
  public record Data(Source validation, @Nullable Source training) {}

  /**
   * An {@code .npz} object.
   *
   * @param uri {@code s3://bucket/key}
   * @param sha256 digest of the object, compared after the download
   */
  public record Source(String uri, @Nullable Sha256 sha256) {}

  /**
   * The training run.
   *
   * @param id its id; becomes the result's {@code ce_correlationid}
   * @param mlflow its MLflow coordinates
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Run(@Nullable String id, @Nullable Mlflow mlflow) {
    /** MLflow coordinates. */
    public record Mlflow(@Nullable String runId) {}
  }
}
