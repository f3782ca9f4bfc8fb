package dev.espalier.engine.surgery;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Task;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.infer.TrialInputs;
import dev.espalier.engine.mask.Mask;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RemovalProofTest {
  private final Graph graph = Nets.CHAIN.graph();
  private final ChannelGroups groups = ChannelGroups.of(graph);
  private final RemovalProof proof = NoiseSamples.proof(graph);
  private final Map<String, Mask> kept = Removals.random(groups, new Random(3));

  @Test
  void shouldFailWhenChannelsWereNotMasked() {
    Graph removed = FilterRemoval.remove(graph, groups, kept);

    assertThatThrownBy(() -> proof.require(graph, removed))
        .isInstanceOf(RemovalNotProven.class)
        .hasMessageContaining("differs by");
  }

  @Test
  void shouldFailWhenOtherChannelsWereRemovedThanMasked() {
    Graph masked = Removals.masked(graph, groups, kept);
    Map<String, Mask> others = Removals.random(groups, new Random(4));
    Graph removed = FilterRemoval.remove(masked, groups, others);

    assertThatThrownBy(() -> proof.require(masked, removed)).isInstanceOf(RemovalNotProven.class);
  }

  @Test
  void shouldFailWhenNothingWasRemoved() {
    assertThatThrownBy(() -> proof.require(graph, graph))
        .isInstanceOf(RemovalNotProven.class)
        .hasMessage("no channel was removed");
  }

  /** A constant that is forgotten is far larger than the tolerance. */
  @Test
  void shouldFailWhenTheConstantOfASigmoidIsNotFolded() {
    Graph sigmoids = Nets.SIGMOIDS.graph();
    ChannelGroups all = ChannelGroups.of(sigmoids);
    ChannelGroups withoutFolds = new ChannelGroups(all.groups(), all.obstacles());
    Map<String, Mask> some = Removals.random(all, new Random(5));
    Graph masked = Removals.masked(sigmoids, all, some);

    assertThatThrownBy(
            () ->
                NoiseSamples.proof(sigmoids)
                    .require(masked, FilterRemoval.remove(masked, withoutFolds, some)))
        .isInstanceOf(RemovalNotProven.class);
  }

  /** Pictures of bytes are nowhere near what a standard normal distribution gives. */
  @Test
  void shouldFailWhenTheModelsDifferOnlyWhereTheDataLie() {
    Graph whole = clipped(1f);
    Graph other = clipped(2f);
    Map<String, Mask> some = Removals.random(ChannelGroups.of(whole), new Random(6));
    Graph masked = Removals.masked(whole, ChannelGroups.of(whole), some);
    Graph removed =
        FilterRemoval.remove(
            Removals.masked(other, ChannelGroups.of(other), some), ChannelGroups.of(other), some);
    RemovalProof noise = NoiseSamples.proof(whole);
    RemovalProof pictures = new RemovalProof(TrialInputs.of(whole, new Bytes(), 1, 0, 1, 2, 3));

    assertThatCode(() -> noise.require(masked, removed)).doesNotThrowAnyException();
    assertThatThrownBy(() -> pictures.require(masked, removed))
        .isInstanceOf(RemovalNotProven.class);
  }

  /** What exceeds 50 counts, scaled. */
  private static Graph clipped(float scale) {
    Net n = new Net();
    String x = n.input("x", 3, 4, 4);
    String over =
        n.node("Relu", n.node("Sub", x, n.constant("fifty", Tensor.of(new float[] {50}, 1))));
    String scaled = n.node("Mul", over, n.constant("scale", Tensor.of(new float[] {scale}, 1)));
    String conv = n.node("Relu", n.conv(scaled, "conv1", 3, 6, 3));
    return n.build(n.dense(n.node("Flatten", n.conv(conv, "conv2", 6, 4, 3)), "fc", 64, 3));
  }

  private record Bytes() implements BatchSource {
    @Override
    public Task task() {
      return Task.CLASSIFICATION;
    }

    @Override
    public int samples() {
      return 4;
    }

    @Override
    public Batch batch(int... indices) {
      Tensor x = Tensor.zeros(DataType.FLOAT, indices.length, 3, 4, 4);
      for (int i = 0; i < x.size(); i++) {
        x.floats().put(i, 31 * i % 256);
      }
      return new Batch(Map.of("x", x), Tensor.zeros(DataType.INT64, indices.length));
    }
  }
}
