package dev.espalier.worker.operation;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.espalier.contract.JobId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of a job whose result was to be announced again.
 *
 * @param topic where its record was sent; absent when it was not
 * @param outdated whether the model was accepted again after this result: a reader that takes the
 *     last event for the newest model has gone back with it
 */
public record Replayed(JobId job, State state, @Nullable String topic, boolean outdated) {

  /** What became of it. */
  public enum State {
    /** It was announced again. */
    ANNOUNCED,
    /** There is a result that its worker has yet to announce: once more would be too early. */
    NOT_ANNOUNCED_YET,
    /** There is no result. */
    NO_RESULT;

    /** The name used in output. */
    @JsonValue
    public String wire() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
