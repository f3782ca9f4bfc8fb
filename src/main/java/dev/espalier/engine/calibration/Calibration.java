package dev.espalier.engine.calibration;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.WeightMatrix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sums over what flows into the kernels of a graph, as graphs that compute them for a batch: they
 * run wherever the graph itself does, so every model that can be evaluated can be calibrated.
 * Inputs are those of the operators: rows of a product of matrices, windows of a convolution,
 * states of a recurrent layer. Where a kernel has several uses, the sums of its {@link Sum}s add
 * up.
 */
public final class Calibration {
  private final Graph graph;
  private final KernelUses uses;

  /** Of the kernels of a graph. */
  public Calibration(Graph graph) {
    this.graph = graph;
    this.uses = new KernelUses(graph);
  }

  /**
   * Outputs of a graph that add up to something of a kernel.
   *
   * @param kernel name of its tensor
   * @param matrix the kernel as the matrix that multiplies its inputs
   * @param outputs their names
   */
  public record Sum(String kernel, WeightMatrix matrix, List<String> outputs) {
    /** Copies the list. */
    public Sum {
      outputs = List.copyOf(outputs);
    }
  }

  /**
   * A graph that computes sums over a batch.
   *
   * @param graph its outputs are float32 and nothing but the sums
   * @param sums one for each kernel asked for, or for each part of one, in that order
   */
  public record Sums(Graph graph, List<Sum> sums) {
    /** Copies the list. */
    public Sums {
      sums = List.copyOf(sums);
    }
  }

  /**
   * The kernel as the matrix that multiplies its inputs.
   *
   * @throws Uncalibrated when its inputs cannot be told
   */
  public WeightMatrix matrix(Parameter kernel) {
    return uses.of(kernel).get(0).matrix();
  }

  /**
   * ‖x‖₂² of every input of some kernels: [groups, columns] each.
   *
   * @throws Uncalibrated when the inputs of one cannot be told
   */
  public Sums energies(Collection<Parameter> kernels) {
    return sums(kernels, List.of(new Moment.Energy()));
  }

  /**
   * Σ x·xᵀ of the inputs of a kernel, in parts of its columns: [groups, part, part] each.
   *
   * @param width columns per part, at least 1; the last part may have fewer
   * @throws Uncalibrated when its inputs cannot be told
   */
  public Sums grams(Parameter kernel, int width) {
    int columns = matrix(kernel).columns();
    List<Moment> parts = new ArrayList<>();
    for (int from = 0; from < columns; from += width) {
      parts.add(new Moment.Gram(from, Math.min(from + width, columns)));
    }
    return sums(List.of(kernel), parts);
  }

  private Sums sums(Collection<Parameter> kernels, List<Moment> moments) {
    Additions additions = new Additions(graph);
    Map<String, Integer> outputs = new LinkedHashMap<>();
    List<Sum> sums = new ArrayList<>();
    for (Parameter kernel : kernels) {
      List<Use> found = uses.of(kernel);
      for (Moment moment : moments) {
        List<String> names = found.stream().map(use -> moment.of(use.inputs(), additions)).toList();
        names.forEach(name -> outputs.put(name, moment.rank()));
        sums.add(new Sum(kernel.tensor(), found.get(0).matrix(), names));
      }
    }
    return new Sums(additions.computing(outputs), sums);
  }
}
