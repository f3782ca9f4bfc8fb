package dev.espalier.engine.format.dl4j;

import static dev.espalier.contract.ReasonCode.LAYER_UNSUPPORTED;

import dev.espalier.contract.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Layers one after the other.
 *
 * @param stages in order, at least one
 */
record MultiLayerNetwork(List<Stage> stages) implements Network {
  private static final String INPUT = "input";
  private static final String OUTPUT = "output";

  /**
   * A layer with the change of shape before it.
   *
   * @param preprocessor or null when there is none
   */
  record Stage(Site site, @Nullable Preprocessor preprocessor, Layer layer) {
    private Optional<Flow> input() {
      return preprocessor == null ? layer.input() : preprocessor.input();
    }
  }

  static MultiLayerNetwork of(Fields root) {
    List<Stage> stages = new ArrayList<>();
    Optional<Fields> preprocessors = root.object("inputPreProcessors");
    for (Fields conf : root.objects("confs")) {
      int index = stages.size();
      Fields layer = conf.described("layer " + index).requiredObject("layer");
      String name =
          Typed.of(Typed.Family.LAYER, layer).fields().text("layerName").orElse("layer" + index);
      Fields described = layer.described("layer " + index + " '" + name + "'");
      Site site = new Site(Integer.toString(index), "", name, described);
      Optional<Fields> change = preprocessors.flatMap(all -> all.object(site.key()));
      stages.add(
          new Stage(
              site,
              change
                  .map(fields -> fields.described("preprocessor of layer " + index))
                  .map(Preprocessor::of)
                  .orElse(null),
              new LayerReader().read(site, described)));
    }
    return new MultiLayerNetwork(List.copyOf(stages));
  }

  @Override
  public Assembly.Assembled assemble(Coefficients coefficients) {
    Assembly graph = new Assembly(coefficients);
    Value value = graph.input(INPUT, input());
    for (Stage stage : stages) {
      if (stage.preprocessor != null) {
        value = stage.preprocessor.appendTo(graph, stage.site, value);
      }
      value = stage.layer.appendTo(graph, value);
    }
    graph.output(OUTPUT, value);
    return graph.finish();
  }

  /** The first thing that tells; layers that do not tell keep the kind and number of channels. */
  private Flow input() {
    for (Stage stage : stages) {
      Optional<Flow> input = stage.input();
      if (input.isPresent()) {
        return input.get();
      }
      if (!stage.layer.keepsKind()) {
        break;
      }
    }
    throw new Refusal(
        LAYER_UNSUPPORTED,
        "layer 0 '%s' does not tell the size of the network's input"
            .formatted(stages.get(0).site.name()));
  }
}
