package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A change of shape before a layer. */
sealed interface Preprocessor {
  /** What it takes, where its settings tell. */
  Optional<Flow> input();

  /** Appends its operators. */
  Value appendTo(Assembly graph, Site site, Value value);

  /** Reads a preprocessor. */
  static Preprocessor of(Fields object) {
    Typed typed = Typed.of(Typed.Family.PREPROCESSOR, object);
    Fields fields = typed.fields();
    return switch (typed.kind()) {
      case "CnnToFeedForward" -> new Flatten(fields, Size.of(fields));
      case "FeedForwardToCnn" -> new ToImage(fields, Size.of(fields));
      case "CnnToRnn" -> new ImagesToSequence(fields, Size.of(fields));
      case "RnnToCnn" -> new SequenceToImages(fields, Size.of(fields));
      case "RnnToFeedForward" -> new ToSteps(fields);
      case "FeedForwardToRnn" -> new ToSequence(fields);
      case "ComposableInput" -> Chain.of(fields);
      default -> throw fields.unsupported("preprocessor '" + typed.kind() + "' is not supported");
    };
  }

  /** Size of an image; all 0 when it is only known at run time. */
  record Size(int channels, int height, int width) {
    static Size of(Fields fields) {
      Size size =
          new Size(
              fields.integer("numChannels", 0),
              fields.integer("inputHeight", 0),
              fields.integer("inputWidth", 0));
      double product = (double) size.channels * size.height * size.width;
      boolean none = size.channels == 0 && size.height == 0 && size.width == 0;
      if (product > Integer.MAX_VALUE || (product == 0 && !none)) {
        throw fields.malformed(size + " is no size of an image");
      }
      return size;
    }

    Width channelWidth() {
      return channels == 0 ? Width.unknown() : Width.of(channels);
    }

    Width wholeWidth() {
      return channels == 0 ? Width.unknown() : Width.of((long) channels * height * width);
    }

    long positions() {
      return (long) height * width;
    }
  }

  /** From images to vectors, in the order of the layout; vectors stay. */
  record Flatten(Fields fields, Size size) implements Preprocessor {
    private boolean channelsLast() {
      return fields.channelsLast("format");
    }

    @Override
    public Optional<Flow> input() {
      return Optional.of(new Flow.Image(size.channelWidth(), channelsLast(), null));
    }

    @Override
    public Value appendTo(Assembly graph, Site site, Value value) {
      if (value.flow() instanceof Flow.Flat || value.flow() instanceof Flow.Steps) {
        site.requireVector(value, size.wholeWidth());
        return value;
      }
      Flow.Image image = site.requireImage(value, channelsLast(), size.channelWidth());
      graph.says(fields, "numChannels", image.width());
      Width whole = size.channels == 0 ? Width.unknown() : image.width().times(size.positions());
      Value theirs = Layouts.theirs(graph, site.name(), value);
      Value flat =
          graph.append(site.name(), "Flatten", theirs, Map.of("axis", new Attribute.Int(1)));
      return image.steps() == null
          ? flat.as(new Flow.Flat(whole))
          : Layouts.unfolded(graph, site.name(), flat, image.steps(), whole);
    }
  }

  /** From vectors to images; images stay. */
  record ToImage(Fields fields, Size size) implements Preprocessor {
    @Override
    public Optional<Flow> input() {
      return Optional.of(new Flow.Flat(size.wholeWidth()));
    }

    @Override
    public Value appendTo(Assembly graph, Site site, Value value) {
      if (value.flow() instanceof Flow.Image) {
        return value;
      }
      site.requireInput(value, new Flow.Flat(size.wholeWidth()));
      graph.pin("the image before layer '" + site.name() + "'", value.flow().width());
      return Layouts.reshaped(graph, site.name(), value, -1, size.channels, size.height, size.width)
          .as(Flow.Image.of(size.channels, false));
    }
  }

  /** From an image per time step to a sequence of flattened ones. */
  record ImagesToSequence(Fields fields, Size size) implements Preprocessor {
    @Override
    public Optional<Flow> input() {
      return Optional.empty();
    }

    @Override
    public Value appendTo(Assembly graph, Site site, Value value) {
      Flow.Image image = site.requireImage(value, false, Width.of(size.channels));
      if (image.steps() == null) {
        throw site.fields().unsupported("its images do not come from a sequence");
      }
      graph.says(fields, "numChannels", image.width());
      Value steps =
          Layouts.unfolded(
              graph, site.name(), value, image.steps(), image.width().times(size.positions()));
      boolean featuresLast = fields.featuresLast("rnnDataFormat");
      return Layouts.sequence(graph, site.name(), steps, featuresLast);
    }
  }

  /** From a sequence of flattened images to an image per time step. */
  record SequenceToImages(Fields fields, Size size) implements Preprocessor {
    @Override
    public Optional<Flow> input() {
      boolean featuresLast = fields.featuresLast("rnnDataFormat");
      return Optional.of(new Flow.Sequence(size.wholeWidth(), featuresLast));
    }

    @Override
    public Value appendTo(Assembly graph, Site site, Value value) {
      site.requireInput(value, input().orElseThrow());
      graph.pin("the images before layer '" + site.name() + "'", value.flow().width());
      Value steps = Layouts.steps(graph, site.name(), value);
      return Layouts.reshaped(graph, site.name(), steps, -1, size.channels, size.height, size.width)
          .as(new Flow.Image(Width.of(size.channels), false, value.name()));
    }
  }

  /** From a sequence to its time steps' vectors; vectors stay. */
  record ToSteps(Fields fields) implements Preprocessor {
    @Override
    public Optional<Flow> input() {
      return Optional.of(new Flow.Sequence(Width.unknown(), fields.featuresLast("rnnDataFormat")));
    }

    @Override
    public Value appendTo(Assembly graph, Site site, Value value) {
      if (value.flow() instanceof Flow.Flat || value.flow() instanceof Flow.Steps) {
        return value;
      }
      site.requireInput(value, input().orElseThrow());
      return Layouts.steps(graph, site.name(), value);
    }
  }

  /** From time steps' vectors to a sequence; a vector per sample is a sequence of one step. */
  record ToSequence(Fields fields) implements Preprocessor {
    @Override
    public Optional<Flow> input() {
      return Optional.of(new Flow.Flat(Width.unknown()));
    }

    @Override
    public Value appendTo(Assembly graph, Site site, Value value) {
      site.requireVector(value, Width.unknown());
      boolean featuresLast = fields.featuresLast("rnnDataFormat");
      if (value.flow() instanceof Flow.Steps) {
        return Layouts.sequence(graph, site.name(), value, featuresLast);
      }
      String axes = graph.integers(site.name() + "/axes", 2);
      return graph
          .append(site.name(), "Unsqueeze", value, axes)
          .as(new Flow.Sequence(value.flow().width(), featuresLast));
    }
  }

  /** Several, one after the other. */
  record Chain(List<Preprocessor> parts) implements Preprocessor {
    static Chain of(Fields fields) {
      List<Preprocessor> parts = new ArrayList<>();
      for (Fields part : fields.objects("inputPreProcessors")) {
        Preprocessor read = Preprocessor.of(part);
        if (read instanceof Chain) {
          throw fields.unsupported("preprocessors are nested");
        }
        parts.add(read);
      }
      return new Chain(List.copyOf(parts));
    }

    @Override
    public Optional<Flow> input() {
      return parts.isEmpty() ? Optional.empty() : parts.get(0).input();
    }

    @Override
    public Value appendTo(Assembly graph, Site site, Value value) {
      Value now = value;
      for (Preprocessor part : parts) {
        now = part.appendTo(graph, site, now);
      }
      return now;
    }
  }
}
