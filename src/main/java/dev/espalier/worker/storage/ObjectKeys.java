package dev.espalier.worker.storage;

import dev.espalier.contract.JobId;
import dev.espalier.worker.config.WorkerConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * The one place that builds addresses below the output bucket and prefix. With bucket {@code out}
 * and prefix {@code espalier}, job {@code abcdefghijklmnopqrstuvwxyz} and attempt 2:
 *
 * <pre>
 * admitted    s3://out/espalier/jobs/abcdefghijklmnopqrstuvwxyz/admitted.json
 * claim       s3://out/espalier/jobs/abcdefghijklmnopqrstuvwxyz/claim
 * cancel      s3://out/espalier/jobs/abcdefghijklmnopqrstuvwxyz/cancel
 * attempt     s3://out/espalier/jobs/abcdefghijklmnopqrstuvwxyz/attempts/2
 * ended       s3://out/espalier/jobs/abcdefghijklmnopqrstuvwxyz/attempts/2.died
 * checkpoint  s3://out/espalier/jobs/abcdefghijklmnopqrstuvwxyz/checkpoints/7.ckpt
 * artifact    s3://out/espalier/artifacts/abcdefghijklmnopqrstuvwxyz/2/model.onnx
 * result      s3://out/espalier/jobs/abcdefghijklmnopqrstuvwxyz/result.json
 * announced   s3://out/espalier/jobs/abcdefghijklmnopqrstuvwxyz/announced
 * accepted    s3://out/espalier/models/cnn/last-accepted.json
 * probe       s3://out/espalier/probes/5f0c…
 * </pre>
 */
@Singleton
public class ObjectKeys {
  private final String bucket;
  private final String prefix;

  @Inject
  ObjectKeys(WorkerConfig config) {
    this(config.store().outputBucket(), config.store().outputPrefix().orElse(""));
  }

  /**
   * Addresses below a bucket.
   *
   * @param prefix with or without slashes around it; may be empty
   */
  ObjectKeys(String bucket, String prefix) {
    this.bucket = bucket;
    String bare = prefix.replaceAll("^/+|/+$", "");
    this.prefix = bare.isEmpty() ? "" : bare + "/";
  }

  /** Which payload, read where, the job was admitted for. */
  public S3Uri admitted(JobId job) {
    return job(job, "admitted.json");
  }

  /** Who is at the job and how far it is. */
  public S3Uri claim(JobId job) {
    return job(job, "claim");
  }

  /** The request to end the job. */
  public S3Uri cancel(JobId job) {
    return job(job, "cancel");
  }

  /** Prefix of what was tried, ending in a slash. */
  public S3Uri attempts(JobId job) {
    return job(job, "attempts/");
  }

  /** The record that the attempt began. */
  public S3Uri attempt(JobId job, int attempt) {
    return job(job, "attempts/" + attempt);
  }

  /** The record of how the attempt ended, when it did so without an outcome. */
  public S3Uri ended(JobId job, int attempt, String how) {
    return job(job, "attempts/" + attempt + "." + how);
  }

  /** Prefix of the checkpoints, ending in a slash. */
  public S3Uri checkpoints(JobId job) {
    return job(job, "checkpoints/");
  }

  /** The checkpoint after a step. */
  public S3Uri checkpoint(JobId job, int step) {
    return job(job, "checkpoints/" + step + ".ckpt");
  }

  /** An artifact of an attempt. */
  public S3Uri artifact(JobId job, int attempt, String file) {
    return at("artifacts/" + job + "/" + attempt + "/" + file);
  }

  /** The commit record. */
  public S3Uri result(JobId job) {
    return job(job, "result.json");
  }

  /** The marker that the result is visible in its topic. */
  public S3Uri announced(JobId job) {
    return job(job, "announced");
  }

  /** What was accepted last of the model of a name. */
  public S3Uri lastAccepted(String model) {
    return at("models/" + model + "/last-accepted.json");
  }

  /** An object of the start-up probe. */
  public S3Uri probe(String unique) {
    return at("probes/" + unique);
  }

  private S3Uri job(JobId job, String rest) {
    return at("jobs/" + job + "/" + rest);
  }

  private S3Uri at(String key) {
    return new S3Uri(bucket, prefix + key);
  }
}
