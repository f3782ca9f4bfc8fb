package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The optional third operand [m] of a convolution, added to every element of its channel. */
final class ChannelBias {
  private final Optional<Value> bias;
  private final Tensor result;
  private final Optional<Tensor> gradient;
  private final Broadcast repetition;

  ChannelBias(List<Value> operands, Value result) {
    this.bias = operands.stream().skip(2).findFirst();
    this.result = result.data();
    this.gradient = Optional.ofNullable(result.gradient());
    long[] shape = result.data().shape();
    long[] channels = new long[shape.length - 1];
    Arrays.fill(channels, 1);
    channels[0] = shape[1];
    this.repetition = Broadcast.of(channels, shape);
  }

  /** Adds it to the result. */
  void add() {
    bias.ifPresent(b -> repetition.add(b.data().floats(), result.floats()));
  }

  /** Writes its gradient, if it has one. */
  void reduce() {
    bias.filter(Value::differentiated)
        .ifPresent(
            b ->
                repetition.reduce(
                    gradient.orElseThrow().floats(), b.requiredGradient().floats(), 1f));
  }
}
