package dev.espalier.engine.format.dl4j;

/**
 * How the elements of one of our tensors lie in the part of Deeplearning4j's flat array that is
 * their parameter's. Each element has exactly one place, whatever the shape.
 */
interface Arrangement {
  /** As in our tensors: the last axis changes fastest. */
  Arrangement ROW_MAJOR =
      new Arrangement() {
        @Override
        public int place(int element, long... shape) {
          return element;
        }

        @Override
        public boolean isSame() {
          return true;
        }
      };

  /** The first axis changes fastest (order 'f'), as for embeddings [rows, columns]. */
  Arrangement COLUMN_MAJOR =
      (element, shape) -> {
        int place = 0;
        int rest = element;
        int inner = 1;
        for (long dimension : shape) {
          inner *= (int) dimension;
        }
        int stride = 1;
        for (long dimension : shape) {
          inner /= (int) dimension;
          place += rest / inner * stride;
          rest %= inner;
          stride *= (int) dimension;
        }
        return place;
      };

  /**
   * Gates of an LSTM along the first axis. Deeplearning4j has candidate, forget, output, input (its
   * {@code LSTMHelpers} call the first input and the last input modulation); ONNX has input,
   * output, forget, candidate.
   */
  Arrangement GATES_REVERSED =
      (element, shape) -> {
        int size = 1;
        for (long dimension : shape) {
          size *= (int) dimension;
        }
        int gate = size / 4;
        return (3 - element / gate) * gate + element % gate;
      };

  /** [channels · multiplier, 1, h, w] from [h, w, channels, multiplier]. */
  Arrangement WINDOW_FIRST =
      (element, shape) -> {
        int window = (int) (shape[2] * shape[3]);
        return element % window * (int) shape[0] + element / window;
      };

  /** Variances from decimal logarithms of standard deviations. */
  Arrangement LOG10_DEVIATION =
      new Arrangement() {
        @Override
        public int place(int element, long... shape) {
          return element;
        }

        @Override
        public double decode(double stored) {
          return Math.pow(10, 2 * stored);
        }

        @Override
        public double encode(double value) {
          return 0.5 * Math.log10(Math.max(value, LEAST_VARIANCE));
        }
      };

  /** Far below what is added to every variance, so that 0 stays a number. */
  double LEAST_VARIANCE = 1e-20;

  /** [channels · multiplier, 1, h, w] from [multiplier, channels, h, w]. */
  static Arrangement multiplierFirst(int multiplier) {
    return (element, shape) -> {
      int window = (int) (shape[2] * shape[3]);
      int channels = (int) shape[0] / multiplier;
      int row = element / window;
      return (row % multiplier * channels + row / multiplier) * window + element % window;
    };
  }

  /**
   * Place of an element.
   *
   * @param element its position in our tensor, row-major
   * @param shape of our tensor
   */
  int place(int element, long... shape);

  /** Our number for a stored one. */
  default double decode(double stored) {
    return stored;
  }

  /** The stored number for one of ours. */
  default double encode(double value) {
    return value;
  }

  /** Whether places and numbers are as in our tensor. */
  default boolean isSame() {
    return false;
  }
}
