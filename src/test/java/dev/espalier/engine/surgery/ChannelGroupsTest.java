package dev.espalier.engine.surgery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.engine.graph.Graph;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChannelGroupsTest {
  @ParameterizedTest
  @EnumSource
  void shouldFindWhatBelongsTogether(Nets net) {
    ChannelGroups groups = ChannelGroups.of(net.graph());

    assertThat(
            groups.groups().stream()
                .map(g -> g.name() + ":" + g.channels())
                .collect(Collectors.joining(" ")))
        .as("obstacles: %s", groups.obstacles())
        .isEqualTo(net.groups());
  }

  @ParameterizedTest
  @EnumSource
  void shouldComputeTheSameWhenAnyChannelsAreRemoved(Nets net) {
    Graph graph = net.graph();
    ChannelGroups groups = ChannelGroups.of(graph);
    for (int seed = 0; seed < 5; seed++) {
      Removals.proven(graph, groups, Removals.random(groups, new Random(seed)));
    }
  }

  /** What passes for one group alone must not hang on what happened to another. */
  @ParameterizedTest
  @EnumSource
  void shouldComputeTheSameWhenOneGroupLosesAllButOneChannel(Nets net) {
    Graph graph = net.graph();
    ChannelGroups groups = ChannelGroups.of(graph);
    for (ChannelGroup group : groups.groups()) {
      Removals.proven(graph, groups, Removals.allButOne(group));
    }
  }
}
