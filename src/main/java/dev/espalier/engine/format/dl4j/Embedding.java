package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows of a table looked up by index, one per sample or one per time step. Indices come as floats.
 * Its parameters are the table [rows, features] in column-major order, then the bias.
 *
 * @param sequence whether a sequence of indices gives a sequence of rows
 */
record Embedding(
    Site site,
    int rows,
    int features,
    boolean hasBias,
    Activation activation,
    boolean sequence,
    boolean featuresLast)
    implements Layer {

  static Embedding of(Site site, boolean sequence) {
    Fields layer = site.fields();
    return new Embedding(
        site,
        layer.integer("nin", 1),
        layer.integer("nout", 1),
        layer.flag("hasBias", !sequence),
        Activation.of(layer),
        sequence,
        sequence && site.featuresLast("outputFormat"));
  }

  @Override
  public Optional<Flow> input() {
    return Optional.of(sequence ? new Flow.Flat(Width.unknown()) : Flow.Flat.of(1));
  }

  @Override
  public Value appendTo(Assembly graph, Value value) {
    String layer = site.name();
    Value indices = sequence ? indices(graph, value) : single(graph, value);
    String table =
        graph.parameter(site, "W", Role.EMBEDDING, Arrangement.COLUMN_MAJOR, rows, features);
    Map<String, Attribute> toInteger = Map.of("to", new Attribute.Int(DataType.INT64.onnxCode()));
    Value cast = graph.append(layer, "Cast", indices, toInteger);
    String found = graph.node(layer, "Gather", List.of(table, cast.name()), Map.of(), 1).get(0);
    Width width = graph.width(table, 1);
    graph.says(site.fields(), "nin", graph.width(table, 0));
    graph.says(site.fields(), "nout", width);
    Value looked = new Value(found, sequence ? new Flow.Steps(width) : value.flow().with(width));
    if (hasBias) {
      String bias = graph.parameter(site, "b", Role.BIAS, Arrangement.ROW_MAJOR, features);
      looked = graph.append(layer, "Add", looked, bias);
    }
    if (!sequence) {
      return activation.appendTo(graph, layer, looked);
    }
    return activation.appendTo(graph, layer, Layouts.sequence(graph, layer, looked, featuresLast));
  }

  /** One index per sample or time step: the axis of size 1 vanishes. */
  private Value single(Assembly graph, Value value) {
    site.requireVector(value, Width.of(1));
    long last = value.flow().channelAxis();
    return graph.append(site.name(), "Squeeze", value, graph.integers(site.name() + "/axes", last));
  }

  /** [n, t], also as a sequence of one feature. */
  private Value indices(Assembly graph, Value value) {
    if (value.flow() instanceof Flow.Flat) {
      return value;
    }
    site.requireSequence(value, false, Width.of(1));
    return graph.append(site.name(), "Squeeze", value, graph.integers(site.name() + "/axes", 1));
  }
}
