package dev.espalier.engine.calibration;

import dev.espalier.engine.graph.Node;
import org.jspecify.annotations.Nullable;

/**
 * Thrown where the inputs of a kernel cannot be told; the message names the node, its operator and
 * why.
 */
public final class Uncalibrated extends RuntimeException {
  Uncalibrated(Node node, String why) {
    super("node '%s' (%s): %s".formatted(node.name(), node.operator(), why));
  }

  Uncalibrated(String message, @Nullable RuntimeException cause) {
    super(message, cause);
  }
}
