package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Cast.html">Cast</a> between floats and
 * integers. Only float to float is differentiated, as the identity.
 */
final class Cast implements Operator.Computed {
  private final DataType to;

  Cast(Site site) {
    this.to = target(site);
  }

  /** The element type a node casts to. */
  static DataType target(Site site) {
    long code = site.node().integer("to", 0);
    return Arrays.stream(DataType.values())
        .filter(type -> type.onnxCode() == code && type != DataType.FLOAT16)
        .findFirst()
        .orElseThrow(() -> site.untrainable("casts to element type " + code));
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(1);
  }

  @Override
  public Optional<DataType> type(List<DataType> operands) {
    return operands.get(0) == DataType.FLOAT16 ? Optional.empty() : Optional.of(to);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    return operands.get(0);
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    Value x = operands.get(0);
    DataType from = x.data().type();
    ByteBuffer in = x.data().bytes();
    ByteBuffer out = result.data().bytes();
    int size = x.data().size();
    return new Step() {
      @Override
      public void forward(RandomGenerator noise) {
        if (from == to) {
          out.put(0, in, 0, in.capacity());
        } else {
          for (int i = 0; i < size; i++) {
            Numbers.put(out, to, i, Numbers.get(in, from, i));
          }
        }
      }

      @Override
      public void backward() {
        if (x.differentiated()) {
          ByteBuffer gradient = result.requiredGradient().bytes();
          x.requiredGradient().bytes().put(0, gradient, 0, gradient.capacity());
        }
      }
    };
  }
}
