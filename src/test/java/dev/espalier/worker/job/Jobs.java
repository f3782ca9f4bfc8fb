package dev.espalier.worker.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.JobId;
import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.contract.ModelTrained;
import java.time.Instant;

/** Jobs as admission makes them. */
final class Jobs {
  static final String DATA =
      """
      {"model": {"name": "cnn", "version": "42", "uri": "s3://models/cnn/42/model.onnx"},
       "data": {"validation": {"uri": "s3://datasets/val.npz"}},
       "run": {"id": "run-7"}}
      """;

  private Jobs() {}

  static Job job() {
    return with(DATA);
  }

  static RunningJob running() {
    return running(Successor.NONE);
  }

  static RunningJob running(Successor successor) {
    return new RunningJob(job(), successor, "host-1", running -> {});
  }

  static Job with(String data) {
    try {
      return new Job(
          JobId.of("/training", "event-1"),
          new Job.Event("/training", "event-1", Instant.parse("2026-11-24T08:00:00Z"), null, null),
          ContractJson.mapper().readValue(data, ModelTrained.class),
          new Coordinates("model-trained", 3, 9));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
