package dev.espalier.engine.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ViewTest {
  private static final long[] OPERAND = {2, 3, 4};

  private static long[] flatten(long axis) {
    Map<String, Attribute> attributes = Map.of("axis", new Attribute.Int(axis));
    Node node = new Node("f", "Flatten", List.of("x"), List.of("y"), attributes);
    return Operators.of(new Site(node, 17, Map.of())).shape(List.of(OPERAND));
  }

  private static long[] reshape(Map<String, Attribute> attributes, long... shape) {
    Node node = new Node("r", "Reshape", List.of("x", "shape"), List.of("y"), attributes);
    Map<String, Tensor> constants = Map.of("shape", Tensor.of(shape, shape.length));
    return Operators.of(new Site(node, 17, constants)).shape(List.of(OPERAND));
  }

  @Test
  void shouldSplitAtTheAxisWhenFlattened() {
    assertThat(flatten(0)).containsExactly(1, 24);
    assertThat(flatten(1)).containsExactly(2, 12);
    assertThat(flatten(2)).containsExactly(6, 4);
    assertThat(flatten(3)).containsExactly(24, 1);
    assertThat(flatten(-1)).containsExactly(6, 4);
    assertThatThrownBy(() -> flatten(4)).isInstanceOf(Untrainable.class);
  }

  @Test
  void shouldCopyAndInferDimensionsWhenReshaped() {
    assertThat(reshape(Map.of(), 0, -1)).containsExactly(2, 12);
    assertThat(reshape(Map.of(), -1)).containsExactly(24);
    assertThat(reshape(Map.of(), 4, 0, 2)).containsExactly(4, 3, 2);
  }

  @Test
  void shouldBeRefusedWhenTheElementsDoNotFit() {
    for (long[] shape : new long[][] {{5, 5}, {-1, 5}, {-1, -1}, {2, -2, 6}, {0, 0, 0, 0}}) {
      assertThatThrownBy(() -> reshape(Map.of(), shape)).isInstanceOf(Untrainable.class);
    }
    Map<String, Attribute> allowZero = Map.of("allowzero", new Attribute.Int(1));
    assertThatThrownBy(() -> reshape(allowZero, 0, -1)).isInstanceOf(Untrainable.class);
  }

  @Test
  void shouldReadTheAttributeWhenBeforeOpset5() {
    Map<String, Attribute> shape = Map.of("shape", new Attribute.Ints(List.of(6L, 4L)));
    Node node = new Node("r", "Reshape", List.of("x"), List.of("y"), shape);

    assertThat(Operators.of(new Site(node, 4, Map.of())).shape(List.of(OPERAND)))
        .containsExactly(6, 4);
  }
}
