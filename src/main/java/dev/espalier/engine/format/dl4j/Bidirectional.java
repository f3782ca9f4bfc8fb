package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import java.util.Map;
import java.util.Optional;

/**
 * Two layers of a kind, one of which runs backwards in time; first come all parameters of the
 * forward one.
 *
 * @param mode how their outputs are put together
 */
record Bidirectional(Site site, Layer forward, Layer backward, String mode) implements Layer {

  static Bidirectional of(Site site, LayerReader reader) {
    Fields layer = site.fields();
    String mode = layer.text("mode").orElse("CONCAT");
    switch (mode) {
      case "ADD", "MUL", "AVERAGE", "CONCAT" -> {}
      default -> throw layer.unsupported("mode '" + mode + "' is not supported");
    }
    return new Bidirectional(
        site,
        reader.inner(site, layer.requiredObject("fwd"), "f", false),
        reader.inner(site, layer.requiredObject("bwd"), "b", true),
        mode);
  }

  @Override
  public Optional<Flow> input() {
    return forward.input();
  }

  @Override
  public Value appendTo(Assembly graph, Value value) {
    Value first = forward.appendTo(graph, value);
    Value second = backward.appendTo(graph, value);
    Width width = first.flow().width();
    Formula f = new Formula(graph, site.name());
    Value both =
        switch (mode) {
          case "ADD" -> f.plus(first, second);
          case "MUL" -> f.times(first, second);
          case "AVERAGE" -> f.times(f.plus(first, second), 0.5);
          default -> {
            width = width.plus(second.flow().width());
            Map<String, Attribute> axis =
                Map.of("axis", new Attribute.Int(first.flow().channelAxis()));
            yield graph.append(site.name(), "Concat", first, axis, second.name());
          }
        };
    graph.says(site.fields(), "nin", value.flow().width());
    graph.says(site.fields(), "nout", width);
    return both.with(width);
  }
}
