package dev.espalier.worker.job;

import dev.espalier.contract.ModelResult.Coordinates;
import java.io.IOException;
import java.util.Optional;

/** What may make a job's result unwanted: a later event of the same model. */
@FunctionalInterface
public interface Successor {
  /** None, ever. */
  Successor NONE = job -> Optional.empty();

  /**
   * The event that takes the job's place, if one has come by now.
   *
   * @throws IOException when it cannot be known now; to be asked again
   */
  Optional<Newer> newer(Job job) throws IOException;

  /**
   * A later event.
   *
   * @param version of the model it announces
   * @param source where its record lies
   */
  record Newer(String version, Coordinates source) {}
}
