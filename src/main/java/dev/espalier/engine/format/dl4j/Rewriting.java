package dev.espalier.engine.format.dl4j;

import com.fasterxml.jackson.core.JsonPointer;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What the entries of an archive become when parameters change. */
final class Rewriting {
  private final Assembly.Assembled assembled;
  private final Graph graph;
  private final boolean reshapes;

  /**
   * Of some parameters.
   *
   * @param changed by name
   * @throws IllegalArgumentException when one of them is no float tensor of the file's, or a size
   *     would change that something else depends on
   */
  Rewriting(Assembly.Assembled assembled, Map<String, Tensor> changed) {
    this.assembled = assembled;
    changed.forEach(this::requireParameter);
    this.graph = assembled.graph().with(changed);
    this.reshapes =
        changed.entrySet().stream()
            .anyMatch(e -> !Arrays.equals(e.getValue().shape(), before(e.getKey()).shape()));
    assembled
        .pins()
        .forEach(
            (what, width) -> {
              if (width.isKnown() && width.sizeFor(this::shape) != width.size()) {
                throw new IllegalArgumentException("the number of channels is fixed by " + what);
              }
            });
  }

  private Tensor before(String name) {
    Tensor tensor = assembled.graph().initializers().get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no parameter '" + name + "'");
    }
    return tensor;
  }

  private void requireParameter(String name, Tensor tensor) {
    if (!assembled.slots().containsKey(name)
        || tensor.type() != DataType.FLOAT
        || tensor.rank() != before(name).rank()) {
      throw new IllegalArgumentException(
          "cannot replace '" + name + "', " + before(name) + ", by " + tensor);
    }
  }

  private Tensor tensor(String name) {
    Tensor tensor = graph.initializers().get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no parameter '" + name + "'");
    }
    return tensor;
  }

  private long[] shape(String name) {
    return tensor(name).shape();
  }

  /** The configuration, with the sizes that follow from the parameters' shapes. */
  byte[] configuration(byte[] json) throws IOException {
    if (!reshapes) {
      return json;
    }
    Function<String, long[]> shapes = this::shape;
    Map<JsonPointer, Long> numbers = new LinkedHashMap<>();
    assembled
        .sizes()
        .forEach(
            (place, width) -> {
              if (width.isKnown() && width.sizeFor(shapes) != width.size()) {
                numbers.put(place, width.sizeFor(shapes));
              }
            });
    return JsonSizes.replaced(json, numbers);
  }

  /** The flat array. Where shapes stay, only what changed is written; else all is laid anew. */
  byte[] coefficients(byte[] encoded) {
    Coefficients old = Coefficients.parse(encoded);
    if (!reshapes) {
      assembled
          .slots()
          .forEach(
              (name, slot) -> old.overwrite(slot.position(), slot.arrangement(), tensor(name)));
      return old.encoded();
    }
    long elements = assembled.slots().keySet().stream().mapToLong(n -> tensor(n).size()).sum();
    Coefficients laid = old.resized(elements);
    int position = 0;
    for (Map.Entry<String, Assembly.Slot> slot : assembled.slots().entrySet()) {
      Tensor tensor = tensor(slot.getKey());
      laid.overwrite(position, slot.getValue().arrangement(), tensor);
      position += tensor.size();
    }
    return laid.encoded();
  }

  /**
   * Reads back what was made of a change of shapes.
   *
   * @throws IllegalArgumentException when the shapes do not fit each other
   */
  void requireSound(byte[] configuration, byte[] coefficients, FormatLimits limits) {
    if (!reshapes) {
      return;
    }
    try {
      Network.parse(configuration, limits).assemble(Coefficients.parse(coefficients));
    } catch (Refusal e) {
      throw new IllegalArgumentException("shapes do not fit each other: " + e.getMessage(), e);
    }
  }
}
