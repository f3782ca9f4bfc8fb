package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Attribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The functions of a recurrent node: {@code activations} for each direction in turn, and {@code
 * activation_alpha} and {@code activation_beta}, handed out in order to those functions that have
 * such a parameter. What the standard leaves open is as ONNX Runtime has it, which judges the
 * model: parameters that are missing, and that {@code clip} limits the gates but not the cell state
 * under an LSTM's third function.
 */
final class CellFunctions {
  private static final Set<String> WITH_BETA = Set.of("affine", "hardsigmoid", "scaledtanh");
  private static final Set<String> WITH_ALPHA =
      Set.of("affine", "elu", "hardsigmoid", "leakyrelu", "scaledtanh", "thresholdedrelu");

  private final List<CellFunction> functions = new ArrayList<>();
  private final int perDirection;

  CellFunctions(Site site, int directions, String... defaults) {
    perDirection = defaults.length;
    List<String> names =
        site.node().attributes().get("activations") instanceof Attribute.Texts texts
            ? texts.values()
            : Collections.nCopies(directions, Arrays.asList(defaults)).stream()
                .flatMap(List::stream)
                .toList();
    if (names.size() != directions * perDirection) {
      throw site.untrainable("has activations " + names);
    }
    float clip = site.node().real("clip", Float.POSITIVE_INFINITY);
    Iterator<Float> alphas = reals(site, "activation_alpha");
    Iterator<Float> betas = reals(site, "activation_beta");
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      String key = name.toLowerCase(Locale.ROOT);
      float alpha = WITH_ALPHA.contains(key) && alphas.hasNext() ? alphas.next() : alpha(key);
      float beta = WITH_BETA.contains(key) && betas.hasNext() ? betas.next() : beta(key);
      CellFunction function =
          CellFunction.of(name, alpha, beta)
              .orElseThrow(() -> site.untrainable("has activation " + name));
      boolean gate = i % perDirection < 2;
      functions.add(gate && Float.isFinite(clip) ? function.clipped(clip) : function);
    }
  }

  private static Iterator<Float> reals(Site site, String attribute) {
    return site.node().attributes().get(attribute) instanceof Attribute.Reals reals
        ? reals.values().iterator()
        : Collections.emptyIterator();
  }

  private static float alpha(String name) {
    return switch (name) {
      case "elu" -> 1f;
      case "hardsigmoid" -> 0.2f;
      case "leakyrelu" -> 0.01f;
      default -> 0f;
    };
  }

  private static float beta(String name) {
    return name.equals("hardsigmoid") ? 0.5f : 0f;
  }

  /** The functions of a direction, in the operator's order. */
  List<CellFunction> of(int direction) {
    return functions.subList(direction * perDirection, (direction + 1) * perDirection);
  }
}
