package dev.espalier.worker;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ContractJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What claims in the store say. */
final class Claims {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Claims() {}

  /** Waits until a job's claim says that a step is done. */
  static void awaitStep(Stack stack, String id) {
    Path claim = stack.output("jobs/" + Stack.job(id) + "/claim");
    await("first step of " + id)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              JsonNode json = ContractJson.mapper().readTree(Files.readAllBytes(claim));
              return json.path("step").asInt() > 0;
            });
  }
}
