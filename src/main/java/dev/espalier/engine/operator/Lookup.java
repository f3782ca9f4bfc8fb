package dev.espalier.engine.operator;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Gather.html">Gather</a> at indices that differ
 * from batch to batch, as an embedding looks up the rows of its table by token. The gradient of a
 * row is the sum of those of its copies, and 0 for rows that the batch does not name; only the rows
 * it names are visited.
 */
final class Lookup implements Operator.Computed {
  private final Site site;

  Lookup(Site site) {
    this.site = site;
    site.operands(2, 2);
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(2);
  }

  @Override
  public Optional<DataType> type(List<DataType> operands) {
    DataType indices = operands.get(1);
    return indices == DataType.INT64 || indices == DataType.INT32
        ? Optional.of(operands.get(0))
        : Optional.empty();
  }

  private int axis(int rank) {
    return site.axis(site.node().integer("axis", 0), rank);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] x = operands.get(0);
    int axis = axis(x.length);
    return LongStream.concat(
            LongStream.concat(LongStream.of(x).limit(axis), LongStream.of(operands.get(1))),
            LongStream.of(x).skip(axis + 1))
        .toArray();
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    return new Rows(operands.get(0), operands.get(1).data(), result);
  }

  /** Rows of the axis, of which {@code outer} tables lie one after the other. */
  private final class Rows implements Step {
    private final Value table;
    private final Tensor indices;
    private final Value result;
    private final int rows;
    private final int width;
    private final int outer;
    private final int[] chosen;

    Rows(Value table, Tensor indices, Value result) {
      long[] shape = table.data().shape();
      int axis = axis(shape.length);
      this.table = table;
      this.indices = indices;
      this.result = result;
      this.rows = (int) shape[axis];
      this.width = (int) Tensor.elements(Arrays.copyOfRange(shape, axis + 1, shape.length));
      this.outer = (int) Tensor.elements(Arrays.copyOf(shape, axis));
      this.chosen = new int[indices.size()];
    }

    @Override
    public void forward(RandomGenerator noise) {
      choose();
      int length = width * result.data().type().bytes();
      ByteBuffer from = table.data().bytes();
      ByteBuffer to = result.data().bytes();
      for (int t = 0; t < outer; t++) {
        for (int i = 0; i < chosen.length; i++) {
          to.put((t * chosen.length + i) * length, from, (t * rows + chosen[i]) * length, length);
        }
      }
    }

    private void choose() {
      ByteBuffer bytes = indices.bytes();
      for (int i = 0; i < chosen.length; i++) {
        long index = indices.type() == DataType.INT64 ? bytes.getLong(i * 8) : bytes.getInt(i * 4);
        if (index < -rows || index >= rows) {
          throw new Refusal(
              ReasonCode.DATA_MISMATCH,
              ("node '%s' looks up row %d of a table of %d: tokens in the training data must be"
                      + " below that")
                  .formatted(site.node().name(), index, rows));
        }
        chosen[i] = (int) (index < 0 ? index + rows : index);
      }
    }

    @Override
    public void backward() {
      FloatBuffer from = result.requiredGradient().floats();
      FloatBuffer to = table.requiredGradient().floats();
      Buffers.clear(to);
      float[] row = new float[width];
      float[] sum = new float[width];
      for (int t = 0; t < outer; t++) {
        for (int i = 0; i < chosen.length; i++) {
          int at = (t * rows + chosen[i]) * width;
          from.get((t * chosen.length + i) * width, row);
          to.get(at, sum);
          for (int k = 0; k < width; k++) {
            sum[k] += row[k];
          }
          to.put(at, sum);
        }
      }
    }
  }
}
