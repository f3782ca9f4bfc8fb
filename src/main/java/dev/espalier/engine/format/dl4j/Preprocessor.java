package dev.espalier.engine.format.dl4j;

/**
 * The change of shape between two layers.
 *
 * @param flattens from images to vectors; else from vectors to images
 */
record Preprocessor(boolean flattens, int channels, int height, int width, boolean channelsLast) {
  private static final String PACKAGE = "org.deeplearning4j.nn.conf.preprocessor.";

  static Preprocessor of(Fields fields) {
    String type = fields.className().orElse("");
    boolean flattens =
        switch (type) {
          case PACKAGE + "CnnToFeedForwardPreProcessor" -> true;
          case PACKAGE + "FeedForwardToCnnPreProcessor" -> false;
          default -> throw fields.unsupported("preprocessor '" + type + "' is not supported yet");
        };
    int channels = fields.integer("numChannels", 1);
    int height = fields.integer("inputHeight", 1);
    int width = fields.integer("inputWidth", 1);
    if ((double) channels * height * width > Integer.MAX_VALUE) {
      throw fields.malformed("%d x %d x %d is no image size".formatted(channels, height, width));
    }
    return new Preprocessor(
        flattens, channels, height, width, Flow.Image.channelsLast(fields, "format"));
  }

  /** What it takes. */
  Flow input() {
    return flattens ? image() : flat();
  }

  /** What it gives. */
  Flow output() {
    return flattens ? flat() : image();
  }

  private Flow.Image image() {
    return new Flow.Image(channels, channelsLast);
  }

  private Flow.Flat flat() {
    return new Flow.Flat((long) channels * height * width);
  }
}
