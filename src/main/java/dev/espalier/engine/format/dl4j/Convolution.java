package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Parameter.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A two-dimensional convolution. Its parameters are the bias [out], then the kernel [out, in, h, w]
 * in row-major order, as ONNX has it, for either data format.
 */
record Convolution(
    int index,
    String name,
    int in,
    int out,
    Window window,
    boolean channelsLast,
    boolean hasBias,
    Activation activation)
    implements Layer {

  static Convolution of(int index, String name, Fields layer) {
    return new Convolution(
        index,
        name,
        layer.integer("nin", 1),
        layer.integer("nout", 1),
        Window.of(layer),
        Flow.Image.channelsLast(layer, "cnn2dDataFormat"),
        layer.flag("hasBias"),
        Activation.of(layer));
  }

  @Override
  public Optional<Flow> input() {
    return Optional.of(new Flow.Image(in, channelsLast));
  }

  @Override
  public void appendTo(GraphAssembler graph) {
    graph.requireImage(name, channelsLast);
    graph.requireInput(name, new Flow.Image(in, channelsLast));
    List<String> inputs = new ArrayList<>();
    if (hasBias) {
      inputs.add(graph.parameter(index + "_b", name, Role.BIAS, out));
    }
    Spatial kernel = window.kernel();
    inputs.add(
        0,
        graph.parameter(index + "_W", name, Role.KERNEL, out, in, kernel.height(), kernel.width()));
    graph.append(name, "Conv", window.attributes(), inputs);
    graph.flows(new Flow.Image(out, channelsLast));
    activation.appendTo(graph, name);
  }
}
