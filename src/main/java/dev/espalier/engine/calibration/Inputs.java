package dev.espalier.engine.calibration;

/** What flows into a kernel at one of its uses. */
sealed interface Inputs permits RowInputs, WindowInputs, StateInputs {

  /**
   * Adds what computes the inputs as a rank-3 value to a graph.
   *
   * @param squares whether only sums of squares over the samples will be asked of them, so that
   *     several samples may be merged into one whose squares add up
   */
  Observed observe(Additions graph, boolean squares);

  /**
   * Inputs as a value of three axes, groups outermost.
   *
   * @param value its name
   * @param columnAxis axis of the columns, 1 or 2; samples and places run along the other
   */
  record Observed(String value, int columnAxis) {
    int sampleAxis() {
      return 3 - columnAxis;
    }
  }
}
