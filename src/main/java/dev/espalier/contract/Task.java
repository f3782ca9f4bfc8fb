package dev.espalier.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What the model predicts; inferred from the labels when an event does not say. */
public enum Task {
  CLASSIFICATION,
  REGRESSION,
  MULTILABEL;

  /** The task's name on the wire. */
  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The constant of a wire name.
   *
   * @throws IllegalArgumentException when there is none
   */
  @JsonCreator
  public static Task of(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }
}
