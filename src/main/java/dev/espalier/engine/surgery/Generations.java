package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.Attribute;
import java.util.ArrayList;
import java.util.List;

/** Tensors of one number, such as the zeros that recurrences start from. */
final class Generations {
  private Generations() {}

  static void constantOfShape(Passage passage) {
    boolean zero = true;
    if (passage.node().attributes().get("value") instanceof Attribute.Value value) {
      var bytes = value.tensor().bytes();
      while (bytes.hasRemaining()) {
        zero &= bytes.get() == 0;
      }
    }
    List<Factor> results = new ArrayList<>();
    List<Long> shape = passage.resultShape(0);
    for (int axis = 0; axis < shape.size(); axis++) {
      int size = Math.toIntExact(shape.get(axis));
      int[] units = passage.units().fresh(size > 1 ? size : 0);
      passage.count(0, axis, units, 1, "has a fixed shape");
      if (size > 1) {
        results.add(Factor.along(axis, zero, units));
      }
    }
    passage.result(0, results);
  }
}
