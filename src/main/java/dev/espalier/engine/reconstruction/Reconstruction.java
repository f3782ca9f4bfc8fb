package dev.espalier.engine.reconstruction;

import dev.espalier.engine.graph.WeightMatrix;
import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.score.Scores;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Removes weights of a layer and updates those that stay so that ‖WX − ŴX‖² over calibration
 * samples changes least: SparseGPT (Frantar and Alistarh 2023, arXiv:2301.00774), the optimal brain
 * surgeon (Hassibi and Stork 1992) with one order of columns for all rows. Columns are passed from
 * the first to the last; where a row loses its weight w of column j, its later weights lose {@code
 * w · [H⁻¹]ⱼ / [H⁻¹]ⱼⱼ}, with the inverse over the columns from j on. Weights that were gone before
 * stay zero, and what updates make of them on the way is compensated in the same manner.
 *
 * <p>Which weights go: how many of each block of columns is decided by {@code w² / [H⁻¹]ⱼⱼ} (the
 * increase of the error when that weight alone goes) over the whole layer, exactly as many as asked
 * for; which of a block, when the block is reached, by the same with the weights as they are then
 * and the inverse over what is left. The paper takes the same share of every block, which does harm
 * where blocks differ, as those of pixels at the border of an image do.
 *
 * <p>A Hessian may cover part of the columns only; parts are then as if independent.
 */
public final class Reconstruction {
  /** Columns per block of choice, as in the paper. */
  private static final int BLOCK = 128;

  private final WeightMatrix matrix;
  private final List<Part> parts;
  private final int block;
  private final LongConsumer worked;

  /** Rows of one group, and the columns that a Hessian covers. */
  private record Part(int group, int firstColumn, InverseHessian hessian) {}

  Reconstruction(
      WeightMatrix matrix, int width, List<DoubleBuffer> grams, int block, LongConsumer worked) {
    this.matrix = matrix;
    this.block = block;
    this.worked = worked;
    this.parts = new ArrayList<>();
    for (int p = 0; p < grams.size(); p++) {
      int columns = Math.min(width, matrix.columns() - p * width);
      for (int group = 0; group < matrix.groups(); group++) {
        DoubleBuffer gram = grams.get(p).slice(group * columns * columns, columns * columns);
        parts.add(new Part(group, p * width, InverseHessian.of(columns, gram, worked)));
      }
    }
  }

  /**
   * Of a layer.
   *
   * @param matrix its kernel as the matrix that multiplies its inputs
   * @param width columns per part; the last part may have fewer
   * @param grams for each part Σ x·xᵀ of its columns, [groups, columns, columns]
   * @param worked told now and then that work has moved
   */
  public static Reconstruction of(
      WeightMatrix matrix, int width, List<DoubleBuffer> grams, LongConsumer worked) {
    return new Reconstruction(matrix, width, grams, BLOCK, worked);
  }

  /**
   * Removes weights and updates the rest.
   *
   * @param weights finite, zero where the mask removes; changed
   * @param mask what is kept before; not changed
   * @param count how many more are removed
   * @return what is kept afterwards
   */
  public Mask prune(Weights weights, Mask mask, long count) {
    Mask chosen = mask.without(saliency(weights), count);
    Mask kept = mask.copy();
    for (Part part : parts) {
      int[] rows =
          IntStream.range(0, matrix.rows()).filter(r -> matrix.group(r) == part.group()).toArray();
      new Pass(part, rows, weights, kept).run(chosen);
    }
    return kept;
  }

  /** |w| / √[H⁻¹]ⱼⱼ, of the same order as its square. */
  private Scores saliency(Weights weights) {
    double[] scores = new double[weights.size()];
    for (Part part : parts) {
      double[] diagonal = part.hessian().diagonal();
      for (int row = 0; row < matrix.rows(); row++) {
        for (int j = 0; matrix.group(row) == part.group() && j < diagonal.length; j++) {
          int element = matrix.element(row, part.firstColumn() + j);
          scores[element] = Math.abs(weights.value(element)) / Math.sqrt(diagonal[j]);
        }
      }
    }
    return Scores.ofMagnitudes(scores);
  }

  /** One pass over the columns of a part. */
  private final class Pass {
    private final Part part;
    private final InverseHessian hessian;
    private final int[] rows;
    private final Weights weights;
    private final Mask kept;
    private final double[][] values;

    Pass(Part part, int[] rows, Weights weights, Mask kept) {
      this.part = part;
      this.hessian = part.hessian();
      this.rows = rows;
      this.weights = weights;
      this.kept = kept;
      this.values = new double[rows.length][hessian.size()];
      for (int r = 0; r < rows.length; r++) {
        for (int j = 0; j < hessian.size(); j++) {
          values[r][j] = weights.value(element(r, j));
        }
      }
    }

    private int element(int r, int j) {
      return matrix.element(rows[r], part.firstColumn() + j);
    }

    void run(Mask chosen) {
      for (int start = 0; start < hessian.size(); start += block) {
        int end = Math.min(start + block, hessian.size());
        choose(start, end, chosen);
        for (int r = 0; r < rows.length; r++) {
          update(r, start, end);
        }
        worked.accept(1);
      }
      for (int r = 0; r < rows.length; r++) {
        for (int j = 0; j < hessian.size(); j++) {
          if (kept.kept(element(r, j))) {
            weights.set(element(r, j), values[r][j]);
          } else {
            weights.clear(element(r, j));
          }
        }
      }
    }

    /** Removes as many weights of the block as were chosen in it. */
    private void choose(int start, int end, Mask chosen) {
      int width = end - start;
      Mask open = Mask.keepAll(rows.length * width);
      double[] scores = new double[open.size()];
      long count = 0;
      for (int r = 0; r < rows.length; r++) {
        for (int j = start; j < end; j++) {
          int cell = r * width + j - start;
          if (kept.kept(element(r, j))) {
            scores[cell] = Math.abs(values[r][j]) / hessian.at(j, j);
            count += chosen.kept(element(r, j)) ? 0 : 1;
          } else {
            open.remove(cell);
          }
        }
      }
      Mask left = open.without(Scores.ofMagnitudes(scores), count);
      for (int cell = 0; cell < left.size(); cell++) {
        if (!left.kept(cell)) {
          kept.remove(element(cell / width, start + cell % width));
        }
      }
    }

    /**
     * Zeroes what a row has lost in a block; the block's own weights first, then the later ones.
     */
    private void update(int r, int start, int end) {
      double[] errors = new double[end - start];
      for (int j = start; j < end; j++) {
        if (!kept.kept(element(r, j))) {
          errors[j - start] = values[r][j] / hessian.at(j, j);
          hessian.subtract(j, errors[j - start], j, end, values[r]);
          values[r][j] = 0;
        }
      }
      for (int j = start; j < end; j++) {
        if (errors[j - start] != 0) {
          hessian.subtract(j, errors[j - start], end, hessian.size(), values[r]);
        }
      }
    }
  }
}
