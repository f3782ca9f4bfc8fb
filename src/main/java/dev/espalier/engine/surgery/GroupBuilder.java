package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.surgery.Coupling.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Puts together the channels that are removed from the same axes of the same tensors. */
final class GroupBuilder {
  private static final String ONE = "its channels can only be removed all together";
  private static final String NO_LAYER = "no layer whose weights can be masked writes them";

  private final Graph graph;
  private final ChannelTrace trace;
  private final Units units;
  private final Map<String, Parameter> parameters;

  /** By unit, where its channel is. */
  private final Map<Integer, Set<Integer>> signatures = new LinkedHashMap<>();

  /** By unit, its group and its place in it. */
  private final Map<Integer, Member> members = new HashMap<>();

  private record Member(String group, int channel) {}

  GroupBuilder(Graph graph, ChannelTrace trace) {
    this.graph = graph;
    this.trace = trace;
    this.units = trace.units();
    this.parameters =
        graph.parameters().stream().collect(Collectors.toMap(Parameter::tensor, p -> p));
  }

  ChannelGroups build() {
    sign();
    Map<Set<Integer>, List<Integer>> found = new LinkedHashMap<>();
    signatures.forEach(
        (unit, signature) -> found.computeIfAbsent(signature, s -> new ArrayList<>()).add(unit));
    List<ChannelGroup> groups = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    found.forEach(
        (signature, channels) -> {
          List<Place> places = places(signature);
          Optional<String> obstacle = obstacle(places, channels);
          if (obstacle.isPresent()) {
            channels.forEach(unit -> units.pin(unit, obstacle.get()));
          } else {
            String name = name(places, channels, names);
            IntStream.range(0, channels.size())
                .forEach(c -> members.put(channels.get(c), new Member(name, c)));
            groups.add(
                new ChannelGroup(
                    name, channels.size(), places.stream().map(p -> coupling(p, name)).toList()));
          }
        });
    return new ChannelGroups(groups, obstacles(), adjustments());
  }

  /** Notes for every unit that is not pinned the axes that it is on. */
  private void sign() {
    List<Place> places = trace.places();
    for (int i = 0; i < places.size(); i++) {
      sign(places.get(i).units(), i);
    }
    for (int i = 0; i < trace.parts().size(); i++) {
      sign(trace.parts().get(i), -1 - i);
    }
  }

  private void sign(Factor factor, int place) {
    for (int unit : factor.units()) {
      if (units.pinned(unit).isEmpty()) {
        signatures.computeIfAbsent(units.find(unit), u -> new LinkedHashSet<>()).add(place);
      }
    }
  }

  private List<Place> places(Set<Integer> signature) {
    return signature.stream().filter(i -> i >= 0).map(trace.places()::get).toList();
  }

  private Optional<String> obstacle(List<Place> places, List<Integer> channels) {
    boolean written =
        places.stream()
            .anyMatch(
                p ->
                    kind(p, channels) == Kind.PRODUCER
                        && parameters.containsKey(p.tensor())
                        && parameters.get(p.tensor()).role() == Role.KERNEL);
    return !written
        ? Optional.of(NO_LAYER)
        : channels.size() < 2 ? Optional.of(ONE) : Optional.empty();
  }

  /** What a tensor is to some channels: the strongest that one of its positions is. */
  private Kind kind(Place place, List<Integer> channels) {
    Set<Integer> roots = Set.copyOf(channels);
    return IntStream.of(place.units().units())
        .filter(unit -> roots.contains(units.find(unit)))
        .mapToObj(unit -> units.kind(unit).orElse(Kind.STATISTIC))
        .min(Comparator.naturalOrder())
        .orElse(Kind.STATISTIC);
  }

  private String name(List<Place> places, List<Integer> channels, Set<String> names) {
    String layers =
        places.stream()
            .filter(p -> kind(p, channels) == Kind.PRODUCER && parameters.containsKey(p.tensor()))
            .map(p -> parameters.get(p.tensor()))
            .filter(p -> p.role() == Role.KERNEL)
            .map(Parameter::layer)
            .distinct()
            .collect(Collectors.joining(", "));
    String name = layers;
    for (int i = 2; !names.add(name); i++) {
      name = layers + " (" + i + ")";
    }
    return name;
  }

  private Coupling coupling(Place place, String group) {
    int[] all = place.units().units();
    List<Integer> channels =
        members.entrySet().stream()
            .filter(m -> m.getValue().group().equals(group))
            .map(Map.Entry::getKey)
            .toList();
    // What is no parameter is never masked, whatever reads it.
    Kind kind = parameters.containsKey(place.tensor()) ? kind(place, channels) : Kind.STATISTIC;
    return new Coupling(place.tensor(), place.axis(), map(all, group), kind);
  }

  private ChannelMap map(int[] positions, String group) {
    return ChannelMap.of(
        IntStream.of(positions)
            .map(
                unit -> {
                  Member member = members.get(units.find(unit));
                  return member != null && member.group().equals(group)
                      ? member.channel()
                      : ChannelMap.NONE;
                })
            .toArray());
  }

  /** By layer, why none of the channels that it writes can go. */
  private Map<String, String> obstacles() {
    Map<String, String> obstacles = new LinkedHashMap<>();
    Set<String> removable = new LinkedHashSet<>();
    for (Place place : trace.places()) {
      Parameter parameter = parameters.get(place.tensor());
      boolean kernel = parameter != null && parameter.role() == Role.KERNEL;
      for (int unit : kernel ? place.units().units() : new int[0]) {
        if (units.kind(unit).filter(Kind::isMasked).isPresent()) {
          units.pinned(unit).ifPresent(why -> obstacles.putIfAbsent(parameter.layer(), why));
          if (members.containsKey(units.find(unit))) {
            removable.add(parameter.layer());
          }
        }
      }
    }
    obstacles.keySet().removeAll(removable);
    for (Parameter parameter : graph.prunable()) {
      if (!removable.contains(parameter.layer())) {
        obstacles.putIfAbsent(parameter.layer(), "nothing that it writes can be told apart");
      }
    }
    return obstacles;
  }

  private Adjustments adjustments() {
    List<Adjustments.Rewrite> rewrites = new ArrayList<>();
    for (Counts.Rewrite rewrite : trace.counts().rewrites()) {
      Adjustments.Count count =
          count(rewrite.units().stream().mapToInt(Integer::intValue).toArray());
      if (!count.channels().isEmpty()) {
        rewrites.add(
            new Adjustments.Rewrite(rewrite.tensor(), rewrite.element(), count, rewrite.sign()));
      }
    }
    List<Adjustments.Resize> resizes = new ArrayList<>();
    for (AttributeCount counted : trace.attributeCounts()) {
      Adjustments.Count count = count(counted.units().units());
      if (!count.channels().isEmpty()) {
        resizes.add(new Adjustments.Resize(counted.node(), counted.attribute(), count));
      }
    }
    List<Adjustments.Remains> remains = new ArrayList<>();
    for (Fold fold : trace.folds()) {
      Factor along = trace.value(fold.value()).at(fold.axis()).orElseThrow().simplified(units);
      Map<String, ChannelMap> channels = maps(along.units());
      if (!channels.isEmpty()) {
        remains.add(new Adjustments.Remains(fold, channels));
      }
    }
    return new Adjustments(rewrites, resizes, remains);
  }

  private Adjustments.Count count(int... positions) {
    int fixed =
        (int) Arrays.stream(positions).filter(u -> !members.containsKey(units.find(u))).count();
    return new Adjustments.Count(fixed, maps(positions));
  }

  private Map<String, ChannelMap> maps(int... positions) {
    Map<String, ChannelMap> maps = new LinkedHashMap<>();
    for (int unit : positions) {
      Member member = members.get(units.find(unit));
      if (member != null) {
        maps.computeIfAbsent(member.group(), group -> map(positions, group));
      }
    }
    return maps;
  }
}
