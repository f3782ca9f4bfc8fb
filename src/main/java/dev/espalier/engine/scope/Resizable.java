package dev.espalier.engine.scope;

import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.report.LayerReport;
import dev.espalier.engine.surgery.ChannelGroup;
import dev.espalier.engine.surgery.ChannelGroups;
import dev.espalier.engine.surgery.FilterRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which groups a model's own format can hold with fewer channels. That is tried, not guessed: the
 * model is written without a channel of each, and only when its writer refuses them together is
 * each tried alone.
 */
final class Resizable {
  private Resizable() {}

  /** The groups without those that the format cannot hold, which become obstacles. */
  static ChannelGroups of(SourceModel model, ChannelGroups groups) throws IOException {
    if (groups.groups().isEmpty() || obstacle(model, groups, groups.groups()).isEmpty()) {
      return groups;
    }
    Map<String, String> refused = new LinkedHashMap<>();
    for (ChannelGroup group : groups.groups()) {
      Optional<String> why = obstacle(model, groups, List.of(group));
      if (why.isPresent()) {
        refused.put(group.name(), why.get());
      }
    }
    return groups.without(refused);
  }

  private static Optional<String> obstacle(
      SourceModel model, ChannelGroups groups, List<ChannelGroup> tried) throws IOException {
    Map<String, Mask> kept = new LinkedHashMap<>();
    for (ChannelGroup group : tried) {
      Mask mask = Mask.keepAll(group.channels());
      mask.remove(group.channels() - 1);
      kept.put(group.name(), mask);
    }
    Graph graph = model.graph();
    Map<String, Tensor> changed =
        LayerReport.changedTensors(graph, FilterRemoval.remove(graph, groups, kept));
    changed.keySet().removeIf(name -> !model.stores(name));
    Path directory = Files.createTempDirectory("resized");
    Path file = directory.resolve("model");
    try {
      model.write(changed, file);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of("the format does not hold it with fewer channels: " + e.getMessage());
    } finally {
      Files.deleteIfExists(file);
      Files.delete(directory);
    }
  }
}
