package dev.espalier.engine.format.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A network of one kind of layer or vertex, and what it takes.
 *
 * @param name what is special about it
 * @param network makes it
 * @param inputs shapes of its inputs, batch included
 * @param indices inputs are integers below this; 0 for real numbers
 */
record Kind(String name, Supplier<Net> network, List<List<Long>> inputs, int indices) {
  static Kind of(String name, Supplier<Net> network, Long... shape) {
    return new Kind(name, network, List.of(List.of(shape)), 0);
  }

  Kind and(Long... shape) {
    List<List<Long>> all = new ArrayList<>(inputs);
    all.add(List.of(shape));
    return new Kind(name, network, all, indices);
  }

  Kind below(int most) {
    return new Kind(name, network, inputs, most);
  }

  /** Random inputs, of both signs. */
  List<INDArray> draw() {
    Nd4j.getRandom().setSeed(11);
    List<INDArray> drawn = new ArrayList<>();
    for (List<Long> input : inputs) {
      long[] shape = input.stream().mapToLong(Long::longValue).toArray();
      INDArray uniform = Nd4j.rand(DataType.FLOAT, shape);
      drawn.add(indices > 0 ? Transforms.floor(uniform.muli(indices)) : uniform.subi(0.4).muli(3));
    }
    return drawn;
  }

  @Override
  public String toString() {
    return name;
  }
}
