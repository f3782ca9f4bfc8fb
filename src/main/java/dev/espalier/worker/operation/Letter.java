package dev.espalier.worker.operation;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.espalier.contract.ModelResult.Coordinates;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter.
 *
 * @param at where it lies
 * @param time when it was written
 * @param reason code of what was wrong
 * @param message what was wrong
 * @param source where the record came from; absent when that cannot be read
 * @param state what became of it
 */
public record Letter(
    Coordinates at,
    Instant time,
    String reason,
    String message,
    @Nullable Coordinates source,
    State state) {

  /** What became of a letter. */
  public enum State {
    /** It can be sent back. */
    WAITING,
    /** It was sent back now. */
    REDRIVEN,
    /** It was sent back by an earlier command. */
    REDRIVEN_BEFORE,
    /** It holds no value: the record had none, or was too large to be kept beside the reason. */
    ABRIDGED;

    /** The name used in output. */
    @JsonValue
    public String wire() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  Letter now(State other) {
    return new Letter(at, time, reason, message, source, other);
  }
}
