package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A convolution over one or two axes. Its parameters are the bias, then the kernel or kernels, for
 * either data format.
 *
 * @param multiplier outputs per input channel of a depthwise part
 */
record Convolution(
    Site site,
    Kind kind,
    int axes,
    int in,
    int out,
    int multiplier,
    Window window,
    boolean channelsLast,
    boolean hasBias,
    Activation activation)
    implements Layer {
  /** How channels are connected. */
  enum Kind {
    /** Kernel [out, in, h, w], or over one axis as {@link #fullOrder} tells. */
    FULL,
    /** Kernel [in, out, …], as ONNX has it for transposed convolutions. */
    TRANSPOSED,
    /** Kernel [h, w, in, multiplier]. */
    DEPTHWISE,
    /** Kernels [multiplier, in, h, w] and [out, in · multiplier, 1, 1]. */
    SEPARABLE
  }

  static Convolution of(Site site, Kind kind, int axes) {
    Fields layer = site.fields();
    boolean depthwise = kind == Kind.DEPTHWISE || kind == Kind.SEPARABLE;
    int in = layer.integer("nin", 1);
    int multiplier = depthwise ? layer.integer("depthMultiplier", 1) : 1;
    int out = layer.integer("nout", 1);
    if (kind == Kind.DEPTHWISE && out != (long) in * multiplier) {
      throw layer.malformed(
          "%d channels times %d are not %d outputs".formatted(in, multiplier, out));
    }
    return new Convolution(
        site,
        kind,
        axes,
        in,
        out,
        multiplier,
        Window.of(layer, axes),
        axes == 1 ? site.featuresLast("rnnDataFormat") : site.channelsLast("cnn2dDataFormat"),
        layer.flag("hasBias", true),
        Activation.of(layer));
  }

  @Override
  public Optional<Flow> input() {
    return Optional.of(
        axes == 1
            ? new Flow.Sequence(Width.of(in), channelsLast)
            : Flow.Image.of(in, channelsLast));
  }

  @Override
  public Value appendTo(Assembly graph, Value value) {
    if (axes == 1) {
      site.requireSequence(value, channelsLast, Width.of(in));
    } else {
      site.requireImage(value, channelsLast, Width.of(in));
    }
    List<String> bias = new ArrayList<>();
    if (hasBias) {
      bias.add(graph.parameter(site, "b", Role.BIAS, Arrangement.ROW_MAJOR, out));
    }
    Result result =
        switch (kind) {
          case FULL -> full(graph, value, bias);
          case TRANSPOSED -> transposed(graph, value, bias);
          case DEPTHWISE -> depthwise(graph, value, "W", Arrangement.WINDOW_FIRST, bias);
          case SEPARABLE -> separable(graph, value, bias);
        };
    graph.says(site.fields(), "nin", result.in);
    graph.says(site.fields(), "nout", result.out);
    return activation.appendTo(graph, site.name(), result.value.with(result.out));
  }

  /** What a convolution gives, and what its numbers of channels follow from. */
  private record Result(Value value, Width in, Width out) {}

  private Result full(Assembly graph, Value value, List<String> bias) {
    String kernel = kernel(graph, "W", fullOrder(), out, in);
    return new Result(
        convolved(graph, "Conv", value, window.attributes(), kernel, bias),
        graph.width(kernel, 1),
        graph.width(kernel, 0));
  }

  /**
   * Since 1.0.0-M1 a kernel over one axis lies as [k, in, out], before as [out, in, k]. The file
   * does not tell which version wrote it; those that know no data format of sequences are of
   * before.
   */
  private Arrangement fullOrder() {
    return axes == 1 && site.fields().has("rnnDataFormat")
        ? Arrangement.COLUMN_MAJOR
        : Arrangement.ROW_MAJOR;
  }

  private Result transposed(Assembly graph, Value value, List<String> bias) {
    String kernel = kernel(graph, "W", Arrangement.ROW_MAJOR, in, out);
    return new Result(
        convolved(graph, "ConvTranspose", value, window.transposedAttributes(), kernel, bias),
        graph.width(kernel, 0),
        graph.width(kernel, 1));
  }

  private Result depthwise(
      Assembly graph, Value value, String name, Arrangement arrangement, List<String> bias) {
    String kernel = kernel(graph, name, arrangement, (long) in * multiplier, 1);
    Map<String, Attribute> attributes = new HashMap<>(window.attributes());
    attributes.put("group", new Attribute.Int(in));
    return new Result(
        convolved(graph, "Conv", value, attributes, kernel, bias),
        graph.width(kernel, 0, multiplier),
        graph.width(kernel, 0));
  }

  private Result separable(Assembly graph, Value value, List<String> bias) {
    Result depthwise =
        depthwise(graph, value, "W", Arrangement.multiplierFirst(multiplier), List.of());
    String pointwise =
        graph.parameter(
            site, "pW", Role.KERNEL, Arrangement.ROW_MAJOR, out, (long) in * multiplier, 1, 1);
    return new Result(
        convolved(graph, "Conv", depthwise.value, Map.of(), pointwise, bias),
        depthwise.in,
        graph.width(pointwise, 0));
  }

  private String kernel(Assembly graph, String name, Arrangement order, long first, long second) {
    long[] shape = new long[2 + axes];
    shape[0] = first;
    shape[1] = second;
    for (int axis = 0; axis < axes; axis++) {
      shape[2 + axis] = window.kernel().get(axis);
    }
    return graph.parameter(site, name, Role.KERNEL, order, shape);
  }

  private Value convolved(
      Assembly graph,
      String operator,
      Value value,
      Map<String, Attribute> attributes,
      String kernel,
      List<String> bias) {
    List<String> further = new ArrayList<>(List.of(kernel));
    further.addAll(bias);
    return graph.append(site.name(), operator, value, attributes, further.toArray(String[]::new));
  }
}
