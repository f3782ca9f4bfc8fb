package dev.espalier.engine.format.onnx;

import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static dev.espalier.contract.ReasonCode.TENSOR_INVALID;

import com.google.protobuf.ByteString;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.onnx.proto.SparseTensorProto;
import dev.espalier.engine.format.onnx.proto.TensorProto;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Sparse tensors as the <a href="https://onnx.ai/onnx/repo-docs/IR.html">IR specification</a>
 * defines them: values in order of position, and their places as either linear indices, [n], or
 * coordinates, [n, rank]. We hold them dense.
 */
final class SparseTensors {
  private final FormatLimits limits;
  private final TensorDecoder tensors;
  private long denseBytes;

  SparseTensors(FormatLimits limits, TensorDecoder tensors) {
    this.limits = limits;
    this.tensors = tensors;
  }

  /**
   * The dense tensor.
   *
   * @param where what the tensor is, for messages
   * @throws Refusal {@code tensor-invalid} when places are not ascending within the shape, {@code
   *     graph-too-large} when dense tensors would be out of proportion to what the file holds
   */
  Tensor decode(SparseTensorProto proto, String where) {
    Tensor values = tensors.decode(proto.getValues(), where);
    Tensor places = tensors.decode(proto.getIndices(), "indices of " + where);
    long[] shape = proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
    requireSane(values, places, shape, where);
    requireProportion(values, shape, where);
    Tensor dense = Tensor.zeros(values.type(), shape);
    int width = values.type().bytes();
    long before = -1;
    for (int i = 0; i < values.size(); i++) {
      long at = place(places, i, shape);
      if (at <= before || at >= dense.size()) {
        throw invalid(where, "has its value %d at an impossible place".formatted(i));
      }
      before = at;
      dense.bytes().put((int) at * width, values.bytes(), i * width, width);
    }
    return dense;
  }

  private void requireSane(Tensor values, Tensor places, long[] shape, String where) {
    boolean counted =
        values.rank() == 1
            && places.type() == DataType.INT64
            && (places.rank() == 1 || (places.rank() == 2 && places.dimension(1) == shape.length))
            && places.dimension(0) == values.size();
    if (!counted || shape.length > limits.rank()) {
      throw invalid(
          where,
          "has values %s and indices %s for shape %s"
              .formatted(values, places, Arrays.toString(shape)));
    }
  }

  private void requireProportion(Tensor values, long[] shape, String where) {
    try {
      denseBytes =
          Math.addExact(
              denseBytes, Math.multiplyExact(Tensor.elements(shape), values.type().bytes()));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new Refusal(TENSOR_INVALID, where + ": " + e.getMessage(), e);
    }
    long stored = Math.max(1, values.bytes().capacity());
    if (denseBytes > limits.archive().ratioFromBytes()
        && denseBytes / stored > limits.archive().ratio()) {
      throw new Refusal(
          GRAPH_TOO_LARGE,
          "%s holds %,d bytes for %,d dense ones, more than %d times as many: store it dense"
              .formatted(where, stored, denseBytes, limits.archive().ratio()));
    }
  }

  private static long place(Tensor places, int i, long... shape) {
    if (places.rank() == 1) {
      return places.longs().get(i);
    }
    long place = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      long coordinate = places.longs().get(i * shape.length + axis);
      if (coordinate < 0 || coordinate >= shape[axis]) {
        return -1;
      }
      place = place * shape[axis] + coordinate;
    }
    return place;
  }

  private static Refusal invalid(String where, String what) {
    return new Refusal(TENSOR_INVALID, where + " " + what);
  }

  /** An encoded {@code SparseTensorProto} with linear indices. */
  static ByteBuffer encode(String name, Tensor tensor) {
    int count = count(tensor);
    int width = tensor.type().bytes();
    ByteBuffer values = ByteBuffer.allocate(count * width);
    ByteBuffer places = ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < tensor.size(); i++) {
      if (isStored(tensor, i)) {
        values.put(tensor.bytes().slice(i * width, width));
        places.putLong(i);
      }
    }
    SparseTensorProto.Builder proto =
        SparseTensorProto.newBuilder()
            .setValues(part(name, tensor.type(), values.flip(), count))
            .setIndices(part("", DataType.INT64, places.flip(), count));
    for (long size : tensor.shape()) {
      proto.addDims(size);
    }
    return proto.build().toByteString().asReadOnlyByteBuffer();
  }

  private static TensorProto part(String name, DataType type, ByteBuffer bytes, int elements) {
    TensorProto.Builder proto =
        TensorProto.newBuilder()
            .addDims(elements)
            .setDataType(type.onnxCode())
            .setRawData(ByteString.copyFrom(bytes));
    return name.isEmpty() ? proto.build() : proto.setName(name).build();
  }

  private static int count(Tensor tensor) {
    int count = 0;
    for (int i = 0; i < tensor.size(); i++) {
      count += isStored(tensor, i) ? 1 : 0;
    }
    return count;
  }

  /** Whether an element has any bit set: −0 is kept as it is. */
  private static boolean isStored(Tensor tensor, int i) {
    ByteBuffer bytes = tensor.bytes();
    int width = tensor.type().bytes();
    for (int b = 0; b < width; b++) {
      if (bytes.get(i * width + b) != 0) {
        return true;
      }
    }
    return false;
  }
}
