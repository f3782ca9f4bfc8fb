package dev.espalier.engine.calibration;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The windows that a convolution lays over a value, unrolled ("im2col"): one column for each input
 * channel of a group and, for each channel, each place of the window. A convolution with the same
 * strides, dilations and padding whose filters each pick one place does the unrolling, channel by
 * channel, so that padding and rounding are the operator's own.
 *
 * @param node the convolution
 * @param operand what it reads
 * @param channels its channels
 * @param groups its groups
 * @param window sizes of the window
 */
record WindowInputs(Node node, Operand operand, int channels, int groups, List<Long> window)
    implements Inputs {
  private static final List<String> KEPT =
      List.of("auto_pad", "dilations", "output_padding", "output_shape", "pads", "strides");

  @Override
  public Observed observe(Additions graph, boolean squares) {
    String value = operand.asFloats(graph);
    if (squares) {
      // Every sample is unrolled in the same way: the squares may be added before.
      value = graph.reduce("ReduceL2", value, 0, true);
    }
    int places = Math.toIntExact(Tensor.elements(sizes()));
    String channelsFirst = graph.transpose(value, swapped());
    String images = graph.reshape(channelsFirst, image());
    String picked =
        graph.add(
            transposed() ? "ConvTranspose" : "Conv",
            attributes(),
            List.of(images, picker(graph, places)));
    String placesFirst = graph.transpose(picked, swapped());
    String flat = graph.reshape(placesFirst, places, channels, -1);
    String columns = graph.transpose(flat, 1, 0, 2);
    return new Observed(graph.reshape(columns, groups, (long) channels / groups * places, -1), 1);
  }

  private boolean transposed() {
    return node.operator().equals("ConvTranspose");
  }

  private long[] sizes() {
    return window.stream().mapToLong(Long::longValue).toArray();
  }

  /** The first two axes exchanged. */
  private int[] swapped() {
    return IntStream.range(0, window.size() + 2).map(axis -> axis < 2 ? 1 - axis : axis).toArray();
  }

  /** Every channel of every sample an image of its own: 0 leaves a size as it is. */
  private long[] image() {
    long[] shape = new long[window.size() + 2];
    shape[0] = -1;
    shape[1] = 1;
    return shape;
  }

  private Map<String, Attribute> attributes() {
    Map<String, Attribute> attributes = new HashMap<>();
    KEPT.stream()
        .filter(node.attributes()::containsKey)
        .forEach(name -> attributes.put(name, node.attributes().get(name)));
    return attributes;
  }

  /** One filter per place; a transposed convolution stores input channels first. */
  private String picker(Additions graph, int places) {
    float[] ones = new float[Math.multiplyExact(places, places)];
    IntStream.range(0, places).forEach(place -> ones[place * places + place] = 1);
    long[] shape = new long[window.size() + 2];
    shape[0] = transposed() ? 1 : places;
    shape[1] = transposed() ? places : 1;
    IntStream.range(0, window.size()).forEach(axis -> shape[axis + 2] = window.get(axis));
    return graph.constant(Tensor.of(ones, shape));
  }
}
