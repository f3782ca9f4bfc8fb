package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Moves elements in blocks of equal length that lie together both in the operand and in the result:
 * the longest there are.
 */
final class MovementStep implements Step {
  private final List<Value> operands;
  private final Value result;
  private final float fill;
  private final int block;

  /** Per block the number of the operand; −1 where the fixed number goes. */
  private final int[] operand;

  /** Per block its first element in that operand. */
  private final int[] start;

  MovementStep(List<Value> operands, Value result, int[] sources, float fill) {
    this.operands = operands;
    this.result = result;
    this.fill = fill;
    int[] ends = new int[operands.size()];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      end = Math.addExact(end, operands.get(i).data().size());
      ends[i] = end;
    }
    this.block = block(sources, ends);
    this.operand = new int[block == 0 ? 0 : sources.length / block];
    this.start = new int[operand.length];
    for (int b = 0; b < operand.length; b++) {
      int source = sources[b * block];
      operand[b] = owner(source, ends);
      start[b] = operand[b] < 1 ? source : source - ends[operand[b] - 1];
    }
  }

  /** The operand whose elements end after that position; −1 for none. */
  private static int owner(int source, int[] ends) {
    int owner = source < 0 ? -1 : 0;
    while (owner >= 0 && source >= ends[owner]) {
      owner++;
    }
    return owner;
  }

  /** The greatest common divisor of the lengths of the runs of neighbours. */
  private static int block(int[] sources, int[] ends) {
    int divisor = 0;
    int run = 0;
    for (int i = 0; i < sources.length; i++) {
      run++;
      boolean together =
          i + 1 < sources.length
              && (sources[i] < 0
                  ? sources[i + 1] < 0
                  : sources[i + 1] == sources[i] + 1
                      && owner(sources[i], ends) == owner(sources[i + 1], ends));
      if (!together) {
        divisor = gcd(divisor, run);
        run = 0;
      }
    }
    return divisor;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  @Override
  public void forward(RandomGenerator noise) {
    move();
  }

  /** Writes the result. */
  void move() {
    DataType type = result.data().type();
    ByteBuffer to = result.data().bytes();
    ByteBuffer[] from = new ByteBuffer[operands.size()];
    Arrays.setAll(from, i -> operands.get(i).data().bytes());
    int length = block * type.bytes();
    for (int b = 0; b < operand.length; b++) {
      if (operand[b] < 0) {
        for (int i = 0; i < block; i++) {
          Numbers.put(to, type, b * block + i, fill);
        }
      } else if (block == 1 && type == DataType.FLOAT) {
        to.putFloat(b * 4, from[operand[b]].getFloat(start[b] * 4));
      } else {
        to.put(b * length, from[operand[b]], start[b] * type.bytes(), length);
      }
    }
  }

  @Override
  public void backward() {
    FloatBuffer from = result.requiredGradient().floats();
    FloatBuffer[] to = new FloatBuffer[operands.size()];
    for (int i = 0; i < to.length; i++) {
      Value value = operands.get(i);
      to[i] = value.differentiated() ? value.requiredGradient().floats() : FloatBuffer.allocate(0);
      Buffers.clear(to[i]);
    }
    float[] moved = new float[block];
    float[] sum = new float[block];
    for (int b = 0; b < operand.length; b++) {
      if (operand[b] >= 0 && to[operand[b]].capacity() > 0) {
        FloatBuffer target = to[operand[b]];
        from.get(b * block, moved);
        target.get(start[b], sum);
        for (int i = 0; i < block; i++) {
          sum[i] += moved[i];
        }
        target.put(start[b], sum);
      }
    }
  }
}
