package dev.espalier.engine.format.onnx;

import dev.espalier.engine.format.FiniteWeights;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which constants of a graph are trained parameters, and what they are to their layers: that is not
 * recorded in ONNX, so it follows from the operators that read them. A constant with several uses
 * is a kernel only when all of them agree.
 */
final class ParameterRoles {
  /** A use of a constant. */
  private record Use(Node node, Role role) {}

  private final List<Node> nodes;
  private final Map<String, Tensor> initializers;
  private final Set<String> stored;
  private final Set<String> captured;
  private final Map<String, List<Use>> uses = new HashMap<>();

  /**
   * For one graph.
   *
   * @param stored the initializers that the file itself stores as such; exporters use constant
   *     nodes for numbers that stand in the model's code
   * @param captured names that nested graphs read
   */
  ParameterRoles(
      List<Node> nodes,
      Map<String, Tensor> initializers,
      Set<String> stored,
      Set<String> captured) {
    this.nodes = nodes;
    this.initializers = initializers;
    this.stored = stored;
    this.captured = captured;
  }

  /**
   * The parameters, in the order of the initializers.
   *
   * @throws dev.espalier.contract.Refusal when one holds NaN or infinity
   */
  List<Parameter> parameters() {
    collectUses();
    List<Parameter> parameters = new ArrayList<>();
    initializers.forEach(
        (name, tensor) ->
            parameter(name, tensor)
                .ifPresent(
                    parameter -> {
                      FiniteWeights.require(tensor, "'" + name + "'");
                      parameters.add(parameter);
                    }));
    return parameters;
  }

  private void collectUses() {
    Map<String, String> origins = new HashMap<>();
    initializers.keySet().forEach(name -> origins.put(name, name));
    Set<String> products = new HashSet<>();
    for (Node node : nodes) {
      boolean afterProduct = node.inputs().stream().anyMatch(products::contains);
      for (int i = 0; i < node.inputs().size(); i++) {
        String origin = origins.get(node.inputs().get(i));
        if (origin != null) {
          Optional<Role> role = Slots.role(node, i, afterProduct);
          role.ifPresent(
              r -> uses.computeIfAbsent(origin, k -> new ArrayList<>()).add(new Use(node, r)));
        }
      }
      if (Slots.isProduct(node)) {
        products.addAll(node.outputs());
      } else if (Slots.keepsElements(node) && node.input(0).map(origins::get).isPresent()) {
        origins.put(node.outputs().get(0), origins.get(node.inputs().get(0)));
      }
    }
  }

  private Optional<Parameter> parameter(String name, Tensor tensor) {
    List<Use> found = uses.get(name);
    if (found == null || tensor.size() < 2 || !isReal(tensor.type())) {
      return Optional.empty();
    }
    Role role = captured.contains(name) ? Role.OTHER : role(found, tensor);
    if (role == Role.OTHER && !stored.contains(name)) {
      return Optional.empty();
    }
    return Optional.of(new Parameter(name, name, LayerNames.of(name, found.get(0).node()), role));
  }

  private static Role role(List<Use> uses, Tensor tensor) {
    Role role =
        uses.stream().map(Use::role).filter(r -> r != Role.KERNEL).findFirst().orElse(Role.KERNEL);
    boolean matrix = tensor.type() == DataType.FLOAT && tensor.rank() >= 2;
    return role == Role.KERNEL && !matrix ? Role.OTHER : role;
  }

  private static boolean isReal(DataType type) {
    return type == DataType.FLOAT || type == DataType.FLOAT16 || type == DataType.DOUBLE;
  }
}
