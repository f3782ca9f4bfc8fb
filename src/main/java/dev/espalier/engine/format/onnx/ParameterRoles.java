package dev.espalier.engine.format.onnx;

import dev.espalier.engine.format.FiniteWeights;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Quantization;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which constants of a graph are trained parameters, and what they are to their layers: that is not
 * recorded in ONNX, so it follows from the operators that read them, directly or through operators
 * that hand elements on. A constant with several uses is a kernel only when all of them agree. A
 * single number is a parameter where a layer has its place for it (the bias of a network with one
 * output), and a setting elsewhere.
 */
final class ParameterRoles {
  /** A use of a constant, and how the constant's integers stand for real numbers there. */
  private record Use(Node node, Role role, @Nullable Quantization quantization) {}

  private final List<Node> nodes;
  private final Map<String, Tensor> initializers;
  private final Set<String> stored;
  private final Set<String> captured;
  private final Quantizations quantizations;
  private final Map<String, List<Origin>> origins = new HashMap<>();
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
    this.quantizations = new Quantizations(nodes, initializers);
  }

  /**
   * The parameters, in the order of the initializers.
   *
   * @throws dev.espalier.contract.Refusal when one holds NaN or infinity
   */
  List<Parameter> parameters() {
    initializers.keySet().forEach(name -> origins.put(name, List.of(Origin.of(name))));
    Set<String> products = new HashSet<>();
    for (Node node : nodes) {
      boolean afterProduct = node.inputs().stream().anyMatch(products::contains);
      if (!handOn(node)) {
        collectUses(node, afterProduct);
      }
      if (Slots.isProduct(node) || (afterProduct && Slots.keepsProduct(node))) {
        products.addAll(node.outputs());
      }
    }
    List<Parameter> parameters = new ArrayList<>();
    initializers.forEach((name, tensor) -> parameter(name, tensor).ifPresent(parameters::add));
    return parameters;
  }

  private void collectUses(Node node, boolean afterProduct) {
    for (int i = 0; i < node.inputs().size(); i++) {
      Optional<Role> role = Slots.role(node, i, afterProduct);
      if (role.isPresent()) {
        for (Origin origin : originsOf(node.inputs().get(i))) {
          Quantization quantization = quantizations.at(node, i, origin).orElse(null);
          uses.computeIfAbsent(origin.tensor(), k -> new ArrayList<>())
              .add(new Use(node, role.get(), quantization));
        }
      }
    }
  }

  /** Notes what constants a node's results consist of; false when of none, or not of them alone. */
  private boolean handOn(Node node) {
    List<Origin> constants = new ArrayList<>();
    if (node.operator().equals("Concat")) {
      boolean constant = node.inputs().stream().noneMatch(name -> originsOf(name).isEmpty());
      node.inputs().stream().filter(n -> constant).map(this::originsOf).forEach(constants::addAll);
    } else if (Slots.handsOn(node)) {
      node.input(0).map(this::originsOf).ifPresent(constants::addAll);
    }
    List<Origin> handed = constants.stream().map(o -> quantizations.after(node, o)).toList();
    if (!handed.isEmpty()) {
      node.outputs().forEach(name -> origins.put(name, handed));
    }
    return !handed.isEmpty();
  }

  private List<Origin> originsOf(String value) {
    return origins.getOrDefault(value, List.of());
  }

  private Optional<Parameter> parameter(String name, Tensor tensor) {
    List<Use> found = uses.getOrDefault(name, List.of());
    if (found.isEmpty() || tensor.size() == 0 || quantizations.isScale(name)) {
      return Optional.empty();
    }
    Quantization quantization = found.get(0).quantization();
    if (tensor.type().isReal() == (quantization != null)) {
      return Optional.empty();
    }
    Role role = captured.contains(name) ? Role.OTHER : role(found, tensor);
    boolean setting = tensor.size() == 1 && (role == Role.OTHER || tensor.rank() == 0);
    boolean written = !stored.contains(name) && (role == Role.OTHER || tensor.size() == 1);
    if (setting || written) {
      return Optional.empty();
    }
    if (quantization == null) {
      FiniteWeights.require(tensor, "'" + name + "'");
    }
    String layer = LayerNames.of(name, found.get(0).node());
    return Optional.of(new Parameter(name, name, layer, role, quantization));
  }

  private static Role role(List<Use> uses, Tensor tensor) {
    Role role =
        uses.stream().map(Use::role).filter(r -> r != Role.KERNEL).findFirst().orElse(Role.KERNEL);
    Use first = uses.get(0);
    boolean agree =
        uses.stream().allMatch(u -> Objects.equals(u.quantization(), first.quantization()));
    return role == Role.KERNEL && (!agree || tensor.rank() < 2) ? Role.OTHER : role;
  }
}
