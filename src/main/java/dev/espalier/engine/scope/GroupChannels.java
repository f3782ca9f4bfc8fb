package dev.espalier.engine.scope;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.score.AxisProducts;
import dev.espalier.engine.score.ChannelPart;
import dev.espalier.engine.score.ChannelPart.Role;
import dev.espalier.engine.score.Channels;
import dev.espalier.engine.score.Evidence;
import dev.espalier.engine.score.Sensitivity;
import dev.espalier.engine.surgery.ChannelGroup;
import dev.espalier.engine.surgery.Coupling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Groups of channels as criteria see them. */
final class GroupChannels {
  private final Graph graph;
  private final Map<String, Parameter> parameters;
  private final Set<String> scales;

  /** The groups of a model as it came. */
  GroupChannels(Graph graph) {
    this.graph = graph;
    this.parameters = PrunableGroups.parameters(graph);
    this.scales =
        graph.nodes().stream()
            .filter(node -> node.operator().equals("BatchNormalization"))
            .map(node -> node.inputs().get(1))
            .collect(Collectors.toSet());
  }

  /** The weights that belong to the channels of a group; statistics and constants do not. */
  Channels of(
      ChannelGroup group, Mask kept, Map<String, Tensor> weights, Map<String, Evidence> evidence) {
    List<ChannelPart> parts = new ArrayList<>();
    for (Coupling coupling : group.couplings()) {
      Parameter parameter = parameters.get(coupling.tensor());
      if (parameter != null && coupling.kind() != Coupling.Kind.STATISTIC) {
        parts.add(
            part(
                coupling,
                parameter,
                weights.getOrDefault(coupling.tensor(), graph.tensor(parameter)),
                evidence.get(coupling.tensor())));
      }
    }
    return new Channels(group.channels(), kept::kept, parts);
  }

  private ChannelPart part(
      Coupling coupling, Parameter parameter, Tensor current, @Nullable Evidence evidence) {
    int inner = 1;
    for (int axis = coupling.axis() + 1; axis < current.rank(); axis++) {
      inner *= Math.toIntExact(current.dimension(axis));
    }
    return new ChannelPart(
        role(coupling, parameter),
        graph.weights(parameter).over(current),
        evidence instanceof Sensitivity found ? found : null,
        evidence instanceof AxisProducts found ? found.byAxis().get(coupling.axis()) : null,
        coupling.map().size(),
        Math.max(1, inner),
        coupling.map()::channel);
  }

  private Role role(Coupling coupling, Parameter parameter) {
    return switch (coupling.kind()) {
      case PRODUCER -> parameter.role() == Parameter.Role.KERNEL ? Role.FILTER : Role.OTHER;
      case PER_CHANNEL -> scales.contains(coupling.tensor()) ? Role.SCALE : Role.OTHER;
      case CONSUMER -> Role.READER;
      case STATISTIC -> Role.OTHER;
    };
  }
}
