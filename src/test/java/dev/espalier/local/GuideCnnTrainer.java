package dev.espalier.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains {@link GuideCnn} with Deeplearning4j, as a user would, until it is accurate enough to be
 * worth pruning.
 */
final class GuideCnnTrainer {
  /** Validation accuracy that makes a model of all images worth pruning. */
  static final double REQUIRED_ACCURACY = 0.84;

  private static final int MAX_EPOCHS = 8;
  private static final int BATCH = 32;
  private static final double LEARNING_RATE = 0.002;
  private static final long SEED = 42;
  // Scoring all images takes half as long as an epoch of training. A part of them decides whether
  // to; the margin is a little more than its standard error, which is 0.8 points.
  private static final int PROBE = 2_000;
  private static final double PROBE_MARGIN = 0.01;
  private static final int SCORING_BATCH = 250;

  private final FashionMnist training;
  private final FashionMnist validation;
  private final Consumer<String> progress;
  private final Random order = new Random(SEED);

  /**
   * A trainer.
   *
   * @param progress gets a line after every epoch
   */
  GuideCnnTrainer(FashionMnist training, FashionMnist validation, Consumer<String> progress) {
    this.training = training;
    this.validation = validation;
    this.progress = progress;
  }

  /**
   * A trained network.
   *
   * @param accuracy measured on all validation samples
   */
  record Trained(MultiLayerNetwork network, double accuracy) {
    /**
     * The {@code .zip} of Deeplearning4j's ModelSerializer.
     *
     * @param resumable with the state of the optimiser, as one saves a model to train it further
     */
    byte[] zip(boolean resumable) throws IOException {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      ModelSerializer.writeModel(network, file, resumable);
      return file.toByteArray();
    }
  }

  /**
   * Trains until the validation accuracy is at least {@code required}.
   *
   * @param required from 0 to 1
   * @throws IllegalStateException when eight epochs do not suffice
   */
  Trained train(double required) {
    MultiLayerNetwork network = new MultiLayerNetwork(GuideCnn.configuration(LEARNING_RATE, SEED));
    network.init();
    FashionMnist probe = validation.first(Math.min(PROBE, validation.samples()));
    for (int epoch = 1; epoch <= MAX_EPOCHS; epoch++) {
      long start = System.nanoTime();
      epoch(network);
      double estimate = accuracy(network, probe);
      report(epoch, start, network.score(), estimate, probe.samples());
      if (estimate >= required + PROBE_MARGIN) {
        double accuracy = accuracy(network, validation);
        report(epoch, start, network.score(), accuracy, validation.samples());
        if (accuracy >= required) {
          return new Trained(network, accuracy);
        }
      }
    }
    throw new IllegalStateException(
        "validation accuracy is below " + required + " after " + MAX_EPOCHS + " epochs");
  }

  private void epoch(MultiLayerNetwork network) {
    List<Integer> samples =
        IntStream.range(0, training.samples()).boxed().collect(Collectors.toList());
    Collections.shuffle(samples, order);
    for (int from = 0; from < samples.size(); from += BATCH) {
      List<Integer> batch = samples.subList(from, Math.min(from + BATCH, samples.size()));
      network.fit(images(training, batch), oneHot(training, batch));
    }
  }

  private static double accuracy(MultiLayerNetwork network, FashionMnist data) {
    int correct = 0;
    for (int from = 0; from < data.samples(); from += SCORING_BATCH) {
      int to = Math.min(from + SCORING_BATCH, data.samples());
      List<Integer> batch = IntStream.range(from, to).boxed().toList();
      INDArray predicted = network.output(images(data, batch)).argMax(1);
      for (int i = 0; i < batch.size(); i++) {
        correct += predicted.getInt(i) == data.label(batch.get(i)) ? 1 : 0;
      }
    }
    return (double) correct / data.samples();
  }

  private static INDArray images(FashionMnist data, List<Integer> batch) {
    float[] pixels = new float[batch.size() * FashionMnist.PIXELS];
    int at = 0;
    for (int sample : batch) {
      for (int pixel = 0; pixel < FashionMnist.PIXELS; pixel++) {
        pixels[at++] = data.pixel(sample, pixel) / 255f;
      }
    }
    return Nd4j.create(
        pixels, new int[] {batch.size(), 1, FashionMnist.HEIGHT, FashionMnist.WIDTH});
  }

  private static INDArray oneHot(FashionMnist data, List<Integer> batch) {
    float[] classes = new float[batch.size() * FashionMnist.CLASSES];
    for (int i = 0; i < batch.size(); i++) {
      classes[i * FashionMnist.CLASSES + data.label(batch.get(i))] = 1;
    }
    return Nd4j.create(classes, new int[] {batch.size(), FashionMnist.CLASSES});
  }

  private void report(int epoch, long start, double loss, double accuracy, int samples) {
    progress.accept(
        String.format(
            Locale.ROOT,
            "epoch %d: loss %.3f, accuracy %.4f on %,d validation images, %.1f s",
            epoch,
            loss,
            accuracy,
            samples,
            (System.nanoTime() - start) / 1e9));
  }
}
