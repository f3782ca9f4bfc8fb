package dev.espalier.engine.graph;

/**
 * The real numbers that the elements of a tensor stand for, whatever the form they are stored in:
 * the one place where criteria, masks and counts meet element types. Writes go to the tensor.
 */
public sealed interface Weights permits RealWeights, QuantizedWeights {

  /** The weights in a tensor of floating-point numbers; other types can only be counted. */
  static Weights of(Tensor tensor) {
    return new RealWeights(tensor);
  }

  /** Number of weights. */
  int size();

  /**
   * Absolute values of {@code count} weights from position {@code from}, as the bits of floats: for
   * finite numbers their order is that of the values (IEEE 754), and 0 stands for zero alone. Where
   * a value is too small for a float the smallest float takes its place.
   *
   * @param into filled from its start
   * @throws IllegalStateException when the elements stand for no known numbers
   */
  void magnitudes(int from, int count, int[] into);

  /**
   * The numbers of {@code count} weights from position {@code from}, rounded to floats.
   *
   * @param into filled from its start
   * @throws IllegalStateException when the elements stand for no known numbers
   */
  void values(int from, int count, float[] into);

  /** The real number that a weight stands for. */
  double value(int i);

  /** Sets a weight to the number nearest to {@code value} that its form can stand for. */
  void set(int i, double value);

  /** Makes a weight zero. */
  void clear(int i);

  /** How many weights are not zero. */
  long nonZero();

  /** Weights of the same form in another tensor of the same type and shape. */
  Weights over(Tensor other);
}
