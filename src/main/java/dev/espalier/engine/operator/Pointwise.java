package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import java.util.List;
import java.util.Optional;

/**
 * An element-wise operator whose operands broadcast to its result; the gradient of a repeated
 * element is the sum over its repetitions. On integers it is evaluated and not differentiated.
 */
abstract class Pointwise implements Operator.Computed {
  private final Site site;
  private final List<Integer> operands;

  /** An operator of between {@code least} and {@code most} operands. */
  Pointwise(Site site, int least, int most) {
    this(site, Operator.leading(site.operands(least, most)));
  }

  /** An operator of the operands at those positions; what else it reads is constant. */
  Pointwise(Site site, List<Integer> operands) {
    this.site = site;
    this.operands = operands;
    if (site.opset() < 7 && site.node().integer("broadcast", 0) != 0) {
      throw site.untrainable("broadcasts by the rules from before opset 7");
    }
  }

  final Site site() {
    return site;
  }

  /** Writes the first {@code n} results {@code y} from those elements of the operands. */
  abstract void apply(float[][] x, float[] y, int n);

  /**
   * Writes the gradients of the first {@code n} elements of every operand.
   *
   * @param x the operands
   * @param y the results
   * @param g the gradients of the results
   * @param gradients what is written, an array per operand
   */
  abstract void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n);

  @Override
  public List<Integer> operands() {
    return operands;
  }

  @Override
  public Optional<DataType> type(List<DataType> operands) {
    return operands.stream().allMatch(type -> type == DataType.FLOAT)
        ? Optional.of(DataType.FLOAT)
        : Arithmetic.type(site.node().operator(), operands);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] shape = {};
    for (long[] operand : operands) {
      shape = Broadcast.shape(shape, operand).orElseThrow(() -> site.mismatch(operands));
    }
    return shape;
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    return result.data().type() == DataType.FLOAT
        ? new PointwiseStep(this, operands, result)
        : new ArithmeticStep(site, operands, result);
  }
}
