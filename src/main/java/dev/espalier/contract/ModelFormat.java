package dev.espalier.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Model file formats, as named in events and reports. Detected from content, never from a name. */
public enum ModelFormat {
  ONNX("onnx", "onnx"),
  KERAS_H5("keras-h5", "h5"),
  KERAS_V3("keras-v3", "keras"),
  DL4J("dl4j", "zip");

  private final String wire;
  private final String extension;

  ModelFormat(String wire, String extension) {
    this.wire = wire;
    this.extension = extension;
  }

  /** The format's name on the wire. */
  @JsonValue
  public String wire() {
    return wire;
  }

  /** File name extension without the dot, for files we write. */
  public String extension() {
    return extension;
  }

  /**
   * The constant of a wire name.
   *
   * @throws IllegalArgumentException when there is none
   */
  @JsonCreator
  public static ModelFormat of(String wire) {
    return Arrays.stream(values())
        .filter(f -> f.wire.equals(wire))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no model format '" + wire + "'"));
  }
}
