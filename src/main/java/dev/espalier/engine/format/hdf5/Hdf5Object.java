package dev.espalier.engine.format.hdf5;

import java.util.Map;
import java.util.Optional;

/** A group or a dataset. */
public sealed interface Hdf5Object permits Hdf5Group, Hdf5Dataset {
  /** Its attributes by name, in the file's order. */
  Map<String, Hdf5Attribute> attributes();

  /** An attribute. */
  default Optional<Hdf5Attribute> attribute(String name) {
    return Optional.ofNullable(attributes().get(name));
  }
}
