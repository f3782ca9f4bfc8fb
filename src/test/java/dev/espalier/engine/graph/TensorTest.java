package dev.espalier.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void shouldKeepValuesInRowMajorOrderWhenReshaped() {
    Tensor tensor = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);

    Tensor reshaped = tensor.reshaped(3, 2);

    assertThat(reshaped.shape()).containsExactly(3, 2);
    assertThat(reshaped.toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(reshaped.dimension(-1)).isEqualTo(2);
  }

  @Test
  void shouldShareMemoryWhenReshapedAndNotWhenCopied() {
    Tensor tensor = Tensor.of(new float[] {1, 2}, 2);
    Tensor reshaped = tensor.reshaped(1, 2);
    Tensor copy = tensor.copy();

    tensor.floats().put(0, 9);

    assertThat(reshaped.toFloats()).containsExactly(9, 2);
    assertThat(copy.toFloats()).containsExactly(1, 2);
  }

  @Test
  void shouldTreatAScalarAsOneElement() {
    assertThat(Tensor.of(new long[] {7}).size()).isEqualTo(1);
  }

  @Test
  void shouldRefuseShapesWhoseProductOverflows() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.elements(1L << 40, 1L << 40))
        .withMessageContaining("too large");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.zeros(DataType.FLOAT, 1L << 30))
        .withMessageContaining("2 GiB");
    assertThatIllegalArgumentException().isThrownBy(() -> Tensor.elements(2, -1));
  }

  @Test
  void shouldRefuseValuesThatDoNotFillTheShape() {
    assertThatIllegalArgumentException().isThrownBy(() -> Tensor.of(new float[3], 2, 2));
  }

  @Test
  void shouldRefuseToReadOneTypeAsAnother() {
    assertThatIllegalStateException().isThrownBy(() -> Tensor.of(new float[1], 1).longs());
  }
}
