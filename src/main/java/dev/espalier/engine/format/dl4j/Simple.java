package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import java.util.Map;
import java.util.Optional;

/** Layers without parameters that take a line or two. */
final class Simple {
  private Simple() {}

  /** Does nothing itself: dropout is applied to the input of any layer, masks are not given. */
  record Nothing() implements Layer {
    @Override
    public Value appendTo(Assembly graph, Value value) {
      return value;
    }
  }

  /**
   * An activation function, alone or as an output without weights.
   *
   * @param overChannels whether a softmax is over channels whatever the layout
   */
  record Function(Site site, Activation activation, boolean overChannels) implements Layer {
    @Override
    public Value appendTo(Assembly graph, Value value) {
      graph.says(site.fields(), "nin", value.flow().width());
      graph.says(site.fields(), "nout", value.flow().width());
      return overChannels
          ? activation.appendOverChannels(graph, site.name(), value)
          : activation.appendTo(graph, site.name(), value);
    }
  }

  /** Moves blocks of positions into channels, row by row, all channels of each. */
  record Blocks(Site site, int size, boolean channelsLast) implements Layer {
    @Override
    public Value appendTo(Assembly graph, Value value) {
      Flow.Image image = site.requireImage(value, channelsLast, Width.unknown());
      Map<String, Attribute> attributes = Map.of("blocksize", new Attribute.Int(size));
      return graph
          .append(site.name(), "SpaceToDepth", value, attributes)
          .with(image.width().times((long) size * size));
    }
  }

  /** Repeats a vector {@code times} time steps. */
  record Repeat(Site site, int times, boolean featuresLast) implements Layer {
    @Override
    public Optional<Flow> input() {
      return Optional.of(new Flow.Flat(Width.unknown()));
    }

    @Override
    public Value appendTo(Assembly graph, Value value) {
      site.requireInput(value, new Flow.Flat(Width.unknown()));
      graph.says(site.fields(), "nin", value.flow().width());
      String layer = site.name();
      Value step = graph.append(layer, "Unsqueeze", value, graph.integers(layer + "/axes", 2));
      return graph
          .append(layer, "Expand", step, graph.integers(layer + "/shape", 1, 1, times))
          .as(new Flow.Sequence(value.flow().width(), featuresLast));
    }
  }

  /**
   * Another layer's output at one time step.
   *
   * @param step −1 is the last
   */
  record LastStep(Site site, Layer inner, int step) implements Layer {
    @Override
    public Optional<Flow> input() {
      return inner.input();
    }

    @Override
    public Value appendTo(Assembly graph, Value value) {
      Value sequence = inner.appendTo(graph, value);
      if (!(sequence.flow() instanceof Flow.Sequence)) {
        throw site.fields().malformed("it takes the last time step of " + sequence.flow());
      }
      return Slices.timeStep(graph, site.name(), sequence, step);
    }
  }

  /** A layer on vectors, applied to every time step of a sequence. */
  record EachStep(Site site, Layer inner, boolean featuresLast) implements Layer {
    @Override
    public Optional<Flow> input() {
      return inner
          .input()
          .filter(flow -> flow instanceof Flow.Flat)
          .map(flow -> new Flow.Sequence(flow.width(), featuresLast));
    }

    @Override
    public Value appendTo(Assembly graph, Value value) {
      site.requireSequence(value, featuresLast, Width.unknown());
      Value steps = inner.appendTo(graph, Layouts.steps(graph, site.name(), value));
      if (!(steps.flow() instanceof Flow.Steps)) {
        throw site.fields().unsupported("its inner layer does not give vectors");
      }
      return Layouts.sequence(graph, site.name(), steps, featuresLast);
    }
  }

  /**
   * A layer before whose input elements are dropped in training.
   *
   * @param ratio probability of an element to be dropped
   */
  record WithDropout(Site site, double ratio, Layer inner) implements Layer {
    @Override
    public Optional<Flow> input() {
      return inner.input();
    }

    @Override
    public Value appendTo(Assembly graph, Value value) {
      Formula f = new Formula(graph, site.name());
      return inner.appendTo(
          graph, graph.append(site.name(), "Dropout", value, f.scalar("ratio", ratio)));
    }
  }
}
