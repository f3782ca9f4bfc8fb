package dev.espalier.engine.operator;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The spatial attributes ({@code auto_pad}, {@code pads}, {@code strides}, {@code dilations},
 * {@code ceil_mode}) that ONNX's convolution and poolings share, for one or two spatial axes.
 */
final class Windows {
  private final Site site;
  private final int axes;
  private final long[] kernel;
  private final long[] strides;
  private final long[] dilations;
  private final long[] pads;
  private final String autoPad;
  private final boolean ceil;

  /**
   * The attributes of a node.
   *
   * @param kernel taps per spatial axis
   */
  Windows(Site site, long... kernel) {
    this.site = site;
    this.axes = kernel.length;
    this.kernel = kernel.clone();
    this.strides = site.node().integers("strides", ones(axes));
    this.dilations = site.node().integers("dilations", ones(axes));
    this.pads = site.node().integers("pads", new long[2 * axes]);
    this.autoPad = site.node().text("auto_pad", "NOTSET");
    this.ceil = site.node().integer("ceil_mode", 0) != 0;
    boolean complete =
        strides.length == axes && dilations.length == axes && pads.length == 2 * axes;
    if (axes < 1 || axes > 2 || !complete) {
      throw site.untrainable("only one or two spatial axes can be trained, not " + axes);
    }
    if (!Set.of("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER").contains(autoPad)) {
      throw site.untrainable("auto_pad is '" + autoPad + "'");
    }
    if (least(kernel) < 1 || least(strides) < 1 || least(dilations) < 1 || least(pads) < 0) {
      throw site.untrainable("kernel, strides and dilations must be positive, pads not negative");
    }
  }

  private static long[] ones(int n) {
    long[] ones = new long[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static long least(long[] values) {
    return Arrays.stream(values).min().orElse(1);
  }

  /** Windows over rows and columns of [n, c, h, w] or, as one row, [n, c, w]. */
  List<Window> over(long[] shape) {
    if (shape.length != axes + 2) {
      throw site.mismatch(List.of(shape));
    }
    Window last = window(axes - 1, Math.toIntExact(shape[axes + 1]));
    Window first =
        axes == 2 ? window(0, Math.toIntExact(shape[2])) : new Window(1, 1, 1, 0, 0, 1, 1);
    return List.of(first, last);
  }

  /**
   * Windows of a transposed convolution of [n, c, h, w] or, as one row, [n, c, w]: over the result,
   * one per element of the operand.
   */
  List<Window> transposed(long[] shape) {
    if (shape.length != axes + 2) {
      throw site.mismatch(List.of(shape));
    }
    Window last = transposed(axes - 1, Math.toIntExact(shape[axes + 1]));
    Window first =
        axes == 2 ? transposed(0, Math.toIntExact(shape[2])) : new Window(1, 1, 1, 0, 0, 1, 1);
    return List.of(first, last);
  }

  private Window transposed(int axis, int windows) {
    long[] extra = site.node().integers("output_padding", new long[axes]);
    long[] sizes = site.node().integers("output_shape");
    if (extra.length != axes || sizes.length % axes != 0 || least(extra) < 0) {
      throw site.untrainable("output_padding and output_shape do not fit " + axes + " axes");
    }
    int stride = (int) strides[axis];
    long extent = (kernel[axis] - 1) * dilations[axis] + 1;
    long full = (long) stride * (windows - 1) + extra[axis] + extent;
    long before = autoPad.equals("VALID") ? 0 : pads[axis];
    long after = autoPad.equals("VALID") ? 0 : pads[axis + axes];
    if (sizes.length > 0 || autoPad.startsWith("SAME_")) {
      long size = sizes.length > 0 ? sizes[sizes.length - axes + axis] : (long) windows * stride;
      long total = Math.max(0, full - size);
      before = autoPad.equals("SAME_UPPER") ? total / 2 : total - total / 2;
      after = full - size - before;
    }
    int size = Math.toIntExact(full - before - after);
    if (size < 1) {
      throw site.untrainable("has a result of " + size + " elements along an axis");
    }
    return new Window(
        (int) kernel[axis],
        stride,
        (int) dilations[axis],
        (int) before,
        (int) after,
        size,
        windows);
  }

  /** The shape of the result: [n, channels] and the number of windows per spatial axis. */
  long[] shape(long[] input, long channels) {
    List<Window> windows = over(input);
    IntStream outputs = windows.stream().skip(2 - axes).mapToInt(Window::output);
    return IntStream.concat(
            IntStream.of(Math.toIntExact(input[0]), Math.toIntExact(channels)), outputs)
        .asLongStream()
        .toArray();
  }

  private Window window(int axis, int input) {
    int taps = (int) kernel[axis];
    int stride = (int) strides[axis];
    int dilation = (int) dilations[axis];
    int extent = (taps - 1) * dilation + 1;
    int before = (int) pads[axis];
    int after = (int) pads[axis + axes];
    int output = count(input + before + after - extent, stride, input + before);
    if (autoPad.equals("VALID")) {
      before = 0;
      after = 0;
      output = count(input - extent, stride, input);
    } else if (autoPad.startsWith("SAME_")) {
      output = (input + stride - 1) / stride;
      int total = Math.max(0, (output - 1) * stride + extent - input);
      before = autoPad.equals("SAME_UPPER") ? total / 2 : total - total / 2;
      after = total - before;
    }
    if (output < 1) {
      throw site.untrainable("window of " + extent + " does not fit an input of " + input);
    }
    return new Window(taps, stride, dilation, before, after, input, output);
  }

  /** Number of windows; with {@code ceil_mode} a last partial one must start before the end. */
  private int count(int room, int stride, int startsBefore) {
    if (room < 0) {
      return 0;
    }
    int windows = room / stride + 1;
    boolean partial = ceil && room % stride != 0 && windows * stride < startsBefore;
    return partial ? windows + 1 : windows;
  }
}
