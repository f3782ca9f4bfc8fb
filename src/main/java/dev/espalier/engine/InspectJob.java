package dev.espalier.engine;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineOutcome.Inspected;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Progress;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.NonZero;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.infer.Macs;
import dev.espalier.engine.scope.PrunableGroups;
import dev.espalier.engine.surgery.ChannelGroups;
import dev.espalier.engine.train.StaticShapes;
import dev.espalier.engine.train.Trainability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Describes a model. Where an operator's shape rule is not known it runs the model once, on noise,
 * to learn how channels flow through it; trains and scores nothing.
 */
final class InspectJob {
  private final JobSpec spec;
  private final Monitor monitor;

  InspectJob(JobSpec spec, Monitor monitor) {
    this.spec = spec;
    this.monitor = monitor;
  }

  EngineOutcome run() throws IOException {
    monitor.stage(Progress.Stage.LOAD);
    SourceModel model = Inputs.model(spec);
    Graph graph = model.graph();
    Optional<Macs> macs = Macs.of(graph, StaticShapes.of(graph).shapes());
    List<Inspected.Layer> layers = new ArrayList<>();
    for (Parameter parameter : graph.parameters()) {
      Tensor tensor = graph.tensor(parameter);
      layers.add(
          new Inspected.Layer(
              parameter.source(),
              parameter.layer(),
              Arrays.stream(tensor.shape()).boxed().toList(),
              NonZero.count(graph, parameter),
              parameter.prunable(),
              macs.map(m -> m.byTensor().get(parameter.tensor())).orElse(null)));
    }
    Map<String, Integer> operators = new TreeMap<>();
    for (Node node : graph.nodes()) {
      operators.merge(node.operator(), 1, Integer::sum);
    }
    return new Inspected(
        model.format(),
        model.producer().orElse(null),
        graph.parameters().stream().mapToLong(p -> graph.tensor(p).size()).sum(),
        NonZero.count(graph),
        macs.map(Macs::total).orElse(null),
        layers,
        operators,
        supports(model));
  }

  private static Inspected.Supports supports(SourceModel model) throws IOException {
    List<String> obstacles = Trainability.obstacles(model.graph());
    ChannelGroups groups = PrunableGroups.of(model, model.graph());
    List<String> reasons = new ArrayList<>();
    obstacles.forEach(obstacle -> reasons.add("gradients: " + obstacle));
    groups.obstacles().forEach((what, why) -> reasons.add("filters: " + what + ": " + why));
    return new Inspected.Supports(obstacles.isEmpty(), !groups.groups().isEmpty(), reasons);
  }
}
