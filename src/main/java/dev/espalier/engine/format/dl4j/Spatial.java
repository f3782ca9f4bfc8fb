package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import java.util.List;

/** A setting per spatial axis, such as a stride. */
record Spatial(int height, int width) {
  /** As an ONNX attribute. */
  Attribute attribute() {
    return new Attribute.Ints(List.of((long) height, (long) width));
  }
}
