package dev.espalier.engine.format.keras.lowering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.engine.graph.Tensor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArrangementTest {
  @Test
  void shouldPermuteLikeATransposeWhenKernelsChangeTheirLayout() {
    Tensor keras = counting(2, 3);

    Tensor graph = Arrangement.permuted(1, 0).toGraph(keras);

    assertThat(graph.shape()).containsExactly(3, 2);
    assertThat(graph.toFloats()).containsExactly(0, 3, 1, 4, 2, 5);
  }

  @Test
  void shouldPutGatesInTheirOrderWhenBlocked() {
    Tensor keras = counting(1, 4);

    Tensor graph = Arrangement.permuted(1, 0).blocked(0, 3, 1, 2).toGraph(keras);

    assertThat(graph.toFloats()).containsExactly(0, 3, 1, 2);
  }

  @Test
  void shouldGiveOneGroupPerChannelAndMultiplierWhenMergingDepthwiseKernels() {
    Tensor keras = counting(1, 1, 3, 2);

    Tensor graph = Arrangement.permuted(2, 3, 0, 1).mergingLeading().toGraph(keras);

    assertThat(graph.shape()).containsExactly(6, 1, 1, 1);
    assertThat(graph.toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
  }

  static Stream<Arguments> arrangements() {
    return Stream.of(
        Arguments.of(Arrangement.asKeras(), counting(2, 3), 1),
        Arguments.of(Arrangement.permuted(3, 2, 0, 1), counting(2, 3, 4, 5), 1),
        Arguments.of(Arrangement.permuted(1, 0).blocked(0, 3, 1, 2), counting(3, 8), 1),
        Arguments.of(Arrangement.asKeras().blocked(0, 3, 1, 2), counting(8), 1),
        Arguments.of(Arrangement.permuted(2, 3, 0, 1).mergingLeading(), counting(3, 2, 4, 5), 5));
  }

  @ParameterizedTest
  @MethodSource("arrangements")
  void shouldReturnTheWeightWhenArrangedThereAndBack(
      Arrangement arrangement, Tensor keras, long multiplier) {
    Tensor back = arrangement.toKeras(arrangement.toGraph(keras), multiplier);

    assertThat(back.shape()).isEqualTo(keras.shape());
    assertThat(back.bytes()).isEqualTo(keras.bytes());
  }

  private static Tensor counting(long... shape) {
    Tensor tensor = Tensor.zeros(dev.espalier.engine.graph.DataType.FLOAT, shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.floats().put(i, i);
    }
    return tensor;
  }
}
