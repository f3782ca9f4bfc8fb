package dev.espalier.engine.calibration;

import dev.espalier.engine.calibration.Inputs.Observed;
import java.util.List;
import java.util.Map;

/** A sum over the inputs of a kernel. */
sealed interface Moment {

  /** Adds what computes it from the inputs to a graph; returns its name. */
  String of(Inputs inputs, Additions graph);

  /** Number of its axes. */
  int rank();

  /** Σ x² of each column: [groups, columns]. */
  record Energy() implements Moment {
    @Override
    public String of(Inputs inputs, Additions graph) {
      Observed observed = inputs.observe(graph, true);
      return graph.reduce("ReduceSumSquare", observed.value(), observed.sampleAxis(), false);
    }

    @Override
    public int rank() {
      return 2;
    }
  }

  /**
   * Σ x·xᵀ of some columns: [groups, to − from, to − from].
   *
   * @param from first column
   * @param to column after the last
   */
  record Gram(int from, int to) implements Moment {
    @Override
    public String of(Inputs inputs, Additions graph) {
      Observed observed = inputs.observe(graph, false);
      String some = graph.gather(observed.value(), observed.columnAxis(), from, to);
      String exchanged = graph.transpose(some, 0, 2, 1);
      return graph.add(
          "MatMul",
          Map.of(),
          observed.columnAxis() == 1 ? List.of(some, exchanged) : List.of(exchanged, some));
    }

    @Override
    public int rank() {
      return 3;
    }
  }
}
