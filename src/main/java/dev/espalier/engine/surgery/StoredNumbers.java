package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.HalfPrecision;
import dev.espalier.engine.graph.Tensor;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Numbers in small tensors that are settings of a model. */
final class StoredNumbers {
  private StoredNumbers() {}

  /** The elements of a tensor of integers, of 32 or 64 bits. */
  static Optional<long[]> integers(Tensor tensor) {
    return switch (tensor.type()) {
      case INT64 -> Optional.of(tensor.toLongs());
      case INT32 ->
          Optional.of(
              IntStream.range(0, tensor.size()).mapToLong(i -> tensor.ints().get(i)).toArray());
      default -> Optional.empty();
    };
  }

  /** The number in a tensor of one element. */
  static OptionalDouble single(Tensor tensor) {
    if (tensor.size() != 1) {
      return OptionalDouble.empty();
    }
    return switch (tensor.type()) {
      case FLOAT -> OptionalDouble.of(tensor.floats().get(0));
      case DOUBLE -> OptionalDouble.of(tensor.doubles().get(0));
      case FLOAT16 -> OptionalDouble.of(HalfPrecision.toFloat(tensor.bytes().getShort(0)));
      case INT64 -> OptionalDouble.of((double) tensor.longs().get(0));
      case INT32 -> OptionalDouble.of(tensor.ints().get(0));
      default -> OptionalDouble.empty();
    };
  }
}
