package dev.espalier.engine.score;

import dev.espalier.engine.graph.WeightMatrix;
import java.nio.DoubleBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What flows into the weights of one tensor.
 *
 * @param matrix the tensor as the matrix that multiplies its inputs
 * @param energies ‖x‖₂² of every input, the sum of its squares over calibration samples and places:
 *     one for each column of each group, groups outermost; finite, not negative
 */
public record LayerInputs(WeightMatrix matrix, DoubleBuffer energies) implements Evidence {
  /** Checks the number of inputs. */
  public LayerInputs {
    if (energies.capacity() != matrix.groups() * matrix.columns()) {
      throw new IllegalArgumentException(
          "%d energies for %d groups of %d columns"
              .formatted(energies.capacity(), matrix.groups(), matrix.columns()));
    }
  }

  /** The evidence that a criterion which needs it was given. */
  static LayerInputs required(@Nullable Evidence evidence) {
    if (evidence instanceof LayerInputs inputs) {
      return inputs;
    }
    throw new IllegalArgumentException("the criterion needs the inputs of the layer");
  }

  /** ‖x‖₂ of the input that a weight is multiplied with. */
  double norm(int row, int column) {
    return Math.sqrt(energies.get(matrix.group(row) * matrix.columns() + column));
  }
}
