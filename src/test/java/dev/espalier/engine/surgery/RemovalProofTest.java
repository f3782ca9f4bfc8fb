package dev.espalier.engine.surgery;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.mask.Mask;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RemovalProofTest {
  private final Graph graph = Nets.CHAIN.graph();
  private final ChannelGroups groups = ChannelGroups.of(graph);
  private final Map<String, Mask> kept = Removals.random(groups, new Random(3));

  @Test
  void shouldFailWhenChannelsWereNotMasked() {
    Graph removed = FilterRemoval.remove(graph, groups, kept);

    assertThatThrownBy(() -> RemovalProof.require(graph, removed, true))
        .isInstanceOf(RemovalNotProven.class)
        .hasMessageContaining("differs by");
  }

  @Test
  void shouldFailWhenOtherChannelsWereRemovedThanMasked() {
    Graph masked = Removals.masked(graph, groups, kept);
    Map<String, Mask> others = Removals.random(groups, new Random(4));
    Graph removed = FilterRemoval.remove(masked, groups, others);

    assertThatThrownBy(() -> RemovalProof.require(masked, removed, true))
        .isInstanceOf(RemovalNotProven.class);
  }

  @Test
  void shouldFailWhenNothingWasRemoved() {
    assertThatThrownBy(() -> RemovalProof.require(graph, graph, true))
        .isInstanceOf(RemovalNotProven.class)
        .hasMessage("no channel was removed");
    assertThatCode(() -> RemovalProof.require(graph, graph, false)).doesNotThrowAnyException();
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
                RemovalProof.require(
                    masked, FilterRemoval.remove(masked, withoutFolds, some), true))
        .isInstanceOf(RemovalNotProven.class);
  }
}
