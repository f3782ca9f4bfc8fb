package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a convolution or pooling slides over its input; each list has a number per spatial axis.
 *
 * @param padding on both sides, in modes that do not decide it
 */
record Window(
    List<Long> kernel, List<Long> stride, List<Long> padding, List<Long> dilation, Mode mode) {
  /** Where padding comes from. */
  enum Mode {
    /** The padding that is set; incomplete windows at the end are left out. */
    SET,
    /** As much that there are ⌈input / stride⌉ positions, the odd element at the end. */
    SAME,
    /** So much at the start that no position sees what comes after it. */
    CAUSAL
  }

  /** Reads the settings that all such layers share. */
  static Window of(Fields layer, int axes) {
    String name = layer.text("convolutionMode").orElse("Truncate");
    Mode mode =
        switch (name) {
          case "Same" -> Mode.SAME;
          case "Causal" -> Mode.CAUSAL;
          case "Truncate", "Strict" -> Mode.SET;
          default -> throw layer.unsupported("convolution mode '" + name + "' is not supported");
        };
    if (mode == Mode.CAUSAL && axes > 1) {
      throw layer.unsupported("causal convolutions have one axis");
    }
    Window window =
        new Window(
            layer.integers("kernelSize", axes, 1, 1),
            layer.integers("stride", axes, 1, 1),
            layer.integers("padding", axes, 0, 0),
            layer.integers("dilation", axes, 1, 1),
            mode);
    if (mode == Mode.SAME && window.isDilated() && window.strides()) {
      throw layer.unsupported(
          "mode Same with dilation and stride is not supported: its padding depends on the input");
    }
    return window;
  }

  /** Whether windows are dilated. */
  boolean isDilated() {
    return dilation.stream().anyMatch(step -> step > 1);
  }

  private boolean strides() {
    return stride.stream().anyMatch(step -> step > 1);
  }

  /** Elements from the first to the last of a window. */
  private long extent(int axis) {
    return (kernel.get(axis) - 1) * dilation.get(axis) + 1;
  }

  private Map<String, Attribute> common() {
    Map<String, Attribute> attributes = new HashMap<>();
    attributes.put("kernel_shape", new Attribute.Ints(kernel));
    attributes.put("strides", new Attribute.Ints(stride));
    if (isDilated()) {
      attributes.put("dilations", new Attribute.Ints(dilation));
    }
    return attributes;
  }

  /**
   * As ONNX attributes; at stride 1 the padding of mode {@code SAME} does not depend on the input's
   * size and is written out.
   */
  Map<String, Attribute> attributes() {
    Map<String, Attribute> attributes = common();
    if (mode == Mode.SAME && strides()) {
      attributes.put("auto_pad", new Attribute.Text("SAME_UPPER"));
      return attributes;
    }
    List<Long> begin = new ArrayList<>();
    List<Long> end = new ArrayList<>();
    for (int axis = 0; axis < kernel.size(); axis++) {
      long whole = extent(axis) - 1;
      begin.add(mode == Mode.SET ? padding.get(axis) : mode == Mode.CAUSAL ? whole : whole / 2);
      end.add(mode == Mode.SET ? padding.get(axis) : mode == Mode.CAUSAL ? 0 : whole - whole / 2);
    }
    attributes.put("pads", pads(begin, end));
    return attributes;
  }

  /** As ONNX attributes of a transposed convolution. In mode SAME it gives input · stride. */
  Map<String, Attribute> transposedAttributes() {
    Map<String, Attribute> attributes = common();
    if (mode != Mode.SAME) {
      attributes.put("pads", pads(padding, padding));
      return attributes;
    }
    List<Long> begin = new ArrayList<>();
    List<Long> end = new ArrayList<>();
    List<Long> missing = new ArrayList<>();
    for (int axis = 0; axis < kernel.size(); axis++) {
      long surplus = extent(axis) - stride.get(axis);
      long cut = Math.max(0, surplus);
      begin.add(cut / 2);
      end.add(cut - cut / 2);
      missing.add(Math.max(0, -surplus));
    }
    attributes.put("pads", pads(begin, end));
    if (!missing.equals(Collections.nCopies(missing.size(), 0L))) {
      attributes.put("output_padding", new Attribute.Ints(missing));
    }
    return attributes;
  }

  private static Attribute pads(List<Long> begin, List<Long> end) {
    List<Long> pads = new ArrayList<>(begin);
    pads.addAll(end);
    return new Attribute.Ints(pads);
  }
}
