package dev.espalier.engine.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Policy;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.score.Evidence;
import dev.espalier.engine.score.Sensitivity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Blocks and patterns through the scope of a policy. */
class GranularityTest {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();

  @Test
  void shouldRemoveTheBlocksOfTheSmallestNorm() {
    dense("fc", 2, 4, 1, 1, /**/ 5, 0, /**/ 2, 2, /**/ 0, 0);
    // Blocks of 1, 1 and 5, 0 for one output, of 2, 2 and 0, 0 for the other; zeros are gone.
    Map<String, Mask> masks = remove("granularity: {block: [1, 2]}, minimum-kept: 0", 4);

    assertThat(kept(masks.get("fc"))).containsExactly(2, 4, 5);
  }

  @Test
  void shouldRoundUpToWholeBlocks() {
    dense("fc", 4, 4, IntStream.range(1, 17).asDoubleStream().toArray());

    assertThat(removed(remove("granularity: {block: [2, 2]}, minimum-kept: 0", 5))).isEqualTo(8);
    assertThat(removed(remove("granularity: {block: [2, 2]}, minimum-kept: 0", 8))).isEqualTo(8);
  }

  /** Five outputs in blocks of four: the fifth is a block of its own, no worse than others. */
  @Test
  void shouldNotPreferTheBlocksAtTheEdgeForBeingSmall() {
    dense("fc", 5, 1, 1, 1, 1, 1, 2);

    assertThat(kept(remove("granularity: {block: [4, 1]}, minimum-kept: 0", 1).get("fc")))
        .containsExactly(4);
  }

  @ParameterizedTest
  @EnumSource(Policy.Scope.class)
  void shouldHoldCapsAndReachTheTargetWhenBlocksDoNotDivideTheKernels(Policy.Scope where) {
    random("a", 17, 23, 1);
    random("b", 40, 9, 2);
    random("c", 6, 50, 3);
    String policy =
        "granularity: {block: [4, 3]}, scope: %s, overrides: [{layers: b, max-sparsity: 0.3}]"
            .formatted(where.name().toLowerCase(java.util.Locale.ROOT));
    PruningScope scope = scope(policy);
    Map<String, Mask> masks = scope.initialMasks();
    for (long total : new long[] {1, 100, 333, scope.mostRemoved()}) {
      Map<String, Mask> before = masks;
      masks = remove(scope, TestPolicies.policy(policy), masks, total);

      assertThat(removed(masks)).isBetween(total, total + 11);
      assertThat(removed(Map.of("b", masks.get("b")))).isLessThanOrEqualTo(108);
      for (String name : masks.keySet()) {
        assertThat(kept(before.get(name))).containsAll(kept(masks.get(name)));
      }
      assertWholeBlocks(masks.get("a"), 17, 23, 4, 3);
      assertWholeBlocks(masks.get("c"), 6, 50, 4, 3);
    }
  }

  private static void assertWholeBlocks(Mask mask, int outputs, int inputs, int r, int c) {
    for (int row = 0; row < outputs; row++) {
      for (int column = 0; column < inputs; column++) {
        int first = row / r * r * inputs + column / c * c;
        assertThat(mask.kept(row * inputs + column)).isEqualTo(mask.kept(first));
      }
    }
  }

  @Test
  void shouldRefuseNamingTheLayerWhenBlocksWouldEmptyIt() {
    dense("tiny", 2, 2, 1, 1, 1, 1);
    dense("big", 2, 4, 9, 9, 9, 9, 9, 9, 9, 9);

    assertThatThrownBy(() -> remove("granularity: {block: [2, 2]}, minimum-kept: 0", 5))
        .hasMessageContaining("policy-invalid")
        .hasMessageContaining("'tiny'");
  }

  @Test
  void shouldSayHowManyAreAllowedWhenNoWholeBlockFitsUnderTheCaps() {
    random("a", 4, 4, 1);

    assertThatThrownBy(() -> remove("granularity: {block: [4, 2]}, minimum-kept: 0.4", 9))
        .hasMessageContaining("allow 8 of 16");
  }

  @ParameterizedTest
  @CsvSource({"MAGNITUDE, GLOBAL", "RANDOM, LAYER", "LAMP, GLOBAL", "TAYLOR, ERK", "SNIP, LAYER"})
  void shouldReachThePatternByStepsThatAreExact(Policy.Criterion name, Policy.Scope where) {
    random("a", 12, 22, 1);
    random("b", 31, 8, 2);
    Policy policy =
        TestPolicies.policy(
            "granularity: {n: 2, m: 4}, criterion: %s, scope: %s"
                .formatted(name.wire(), where.name().toLowerCase(java.util.Locale.ROOT)));
    PruningScope scope = PruningScope.of(graph(), policy);
    // Of 22 inputs the last two are kept.
    assertThat(scope.mostRemoved()).isEqualTo(12 * 10 + 31 * 4);
    Map<String, Mask> masks = scope.initialMasks();
    for (long total : new long[] {7, 100, 240, scope.mostRemoved()}) {
      Map<String, Mask> before = masks;
      masks = remove(scope, policy, masks, total);

      assertThat(removed(masks)).isEqualTo(total);
      for (String tensor : masks.keySet()) {
        assertThat(kept(before.get(tensor))).containsAll(kept(masks.get(tensor)));
      }
      assertAtLeastTwoOfFour(masks.get("a"), 12, 22);
    }
    for (int row = 0; row < 31; row++) {
      for (int group = 0; group < 8; group += 4) {
        int first = row * 8 + group;
        Mask mask = masks.get("b");
        assertThat(IntStream.range(first, first + 4).filter(mask::kept)).hasSize(2);
      }
    }
  }

  private static void assertAtLeastTwoOfFour(Mask mask, int outputs, int inputs) {
    for (int row = 0; row < outputs; row++) {
      for (int group = 0; group < inputs; group += 4) {
        int first = row * inputs + group;
        int last = row * inputs + Math.min(inputs, group + 4);
        assertThat(IntStream.range(first, last).filter(mask::kept)).hasSizeGreaterThan(1);
      }
    }
  }

  @Test
  void shouldLeaveKernelsAloneWhoseInputsAreFewerThanAGroup() {
    random("a", 4, 8, 1);
    random("thin", 9, 3, 2);

    PruningScope scope = scope("granularity: {n: 2, m: 4}");

    assertThat(scope.tensors()).containsExactly("a");
    assertThat(scope.leftAlone()).singleElement().asString().contains("'thin' has 3 inputs");
  }

  @Test
  void shouldSayThatNothingIsLeftWhenAllKernelsAreTooThin() {
    random("thin", 9, 3, 2);

    assertThatThrownBy(() -> scope("granularity: {n: 2, m: 4}"))
        .hasMessageContaining("nothing-to-prune")
        .hasMessageContaining("granularity");
  }

  @Test
  void shouldNotNeedAxesWhenSingleWeightsAreRemoved() {
    random("a", 4, 4, 1);
    nodes.add(new Node("again", "MatMul", List.of("y", "a"), List.of("z"), Map.of()));

    assertThat(scope("").tensors()).containsExactly("a");
    assertThatThrownBy(() -> scope("granularity: {block: [2, 2]}")).hasMessageContaining("'a'");
  }

  private void dense(String name, int outputs, int inputs, double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    tensors.put(name, Tensor.of(floats, outputs, inputs));
    parameters.add(new Parameter(name, name, name, Parameter.Role.KERNEL));
    nodes.add(
        new Node(
            name,
            "Gemm",
            List.of("x", name),
            List.of(name + ".out"),
            Map.of("transB", new Attribute.Int(1))));
  }

  private void random(String name, int outputs, int inputs, long seed) {
    dense(
        name, outputs, inputs, new Random(seed).doubles((long) outputs * inputs, -1, 1).toArray());
  }

  private Graph graph() {
    return new Graph(17, List.of(), List.of(), nodes, tensors, parameters);
  }

  private PruningScope scope(String fields) {
    return PruningScope.of(graph(), TestPolicies.policy(fields));
  }

  private Map<String, Mask> remove(String fields, long total) {
    PruningScope scope = scope(fields);
    return remove(scope, TestPolicies.policy(fields), scope.initialMasks(), total);
  }

  private Map<String, Mask> remove(
      PruningScope scope, Policy policy, Map<String, Mask> masks, long total) {
    return scope.remove(
        masks, tensors, policy.criterion(), evidence(tensors), policy.scope(), total);
  }

  private Map<String, Evidence> evidence(Map<String, Tensor> gradients) {
    Map<String, Evidence> evidence = new LinkedHashMap<>();
    gradients.forEach(
        (name, gradient) -> evidence.put(name, new Sensitivity(tensors.get(name), gradient)));
    return evidence;
  }

  private static long removed(Map<String, Mask> masks) {
    return masks.values().stream().mapToLong(m -> m.size() - m.keptCount()).sum();
  }

  private static List<Integer> kept(Mask mask) {
    return IntStream.range(0, mask.size()).filter(mask::kept).boxed().toList();
  }

  @Test
  void shouldAddSignedEstimatesAsTheyAre() {
    dense("fc", 1, 4, 3, -1, 2, 2);
    PruningScope scope = scope("granularity: {block: [1, 2]}, minimum-kept: 0");
    // −g·w: −3 + 4 = 1 for the first block, −1 + 1 = 0 for the second.
    Map<String, Tensor> gradients = Map.of("fc", Tensor.of(new float[] {1, 4, 0.5f, -0.5f}, 1, 4));
    Map<String, Mask> masks =
        scope.remove(
            scope.initialMasks(),
            tensors,
            Policy.Criterion.TAYLOR_SIGNED,
            evidence(gradients),
            Policy.Scope.GLOBAL,
            1);

    assertThat(kept(masks.get("fc"))).containsExactly(0, 1);
  }

  /** Two products of 3 weigh 18 in squares, one of 5 and one of 0 weigh 25; in sums 6 and 5. */
  @ParameterizedTest
  @CsvSource({"TAYLOR, 2 3", "SNIP, 0 1"})
  void shouldAddSquaresForTaylorAndProductsForSnip(Policy.Criterion name, String left) {
    dense("fc", 1, 4, 3, -3, 5, 0);
    PruningScope scope = scope("granularity: {block: [1, 2]}, minimum-kept: 0");
    Map<String, Tensor> gradients = Map.of("fc", Tensor.of(new float[] {1, 1, 1, 1}, 1, 4));

    Map<String, Mask> masks =
        scope.remove(
            scope.initialMasks(), tensors, name, evidence(gradients), Policy.Scope.GLOBAL, 2);

    // The fourth weight was zero from the start.
    assertThat(kept(masks.get("fc")))
        .isEqualTo(
            Arrays.stream(left.split(" ")).map(Integer::valueOf).filter(i -> i < 3).toList());
  }

  @Test
  void shouldKeepBlocksOfWhichAnyWeightIsNoCandidate() {
    dense("fc", 1, 6, 1, 1, 1, 1, 9, 9);
    PruningScope scope = scope("granularity: {block: [1, 2]}, minimum-kept: 0");
    Map<String, Tensor> gradients =
        Map.of("fc", Tensor.of(new float[] {1, -1, 1, 1, -1, -1}, 1, 6));

    Map<String, Mask> masks =
        scope.remove(
            scope.initialMasks(),
            tensors,
            Policy.Criterion.GRADIENT_SIGN,
            evidence(gradients),
            Policy.Scope.GLOBAL,
            4);

    assertThat(kept(masks.get("fc"))).containsExactly(0, 1, 4, 5);
  }
}
