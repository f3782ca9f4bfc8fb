package dev.espalier.engine.format.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.NonZero;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * all-MiniLM-L6-v2 as ONNX Runtime's dynamic quantisation left it: 36 int8 matrices with a scale
 * and a zero point per column, three uint8 embeddings.
 */
class QuantizedEncoderTest {
  private static final String NAME = "/all-minilm-l6-v2-q";

  /** Each two say about the same. */
  private static final List<String> SENTENCES =
      List.of(
          "The gardener ties the branches of the pear tree to the wall.",
          "A man fastens the twigs of a fruit tree to a fence.",
          "Train tickets to the coast are sold out this weekend.",
          "There are no more seats on the railway to the sea on Saturday.",
          "The server ran out of memory and was restarted at night.",
          "Because it had no memory left, the machine rebooted around midnight.",
          "She won the chess tournament without losing a game.",
          "Undefeated, she took first place in the chess competition.",
          "Heavy rain flooded the cellar of the old library.",
          "Water from the storm filled the basement of the library.");

  @TempDir static Path directory;

  private static SourceModel model;

  @BeforeAll
  static void open() throws IOException {
    Path file = directory.resolve("encoder.onnx");
    try (InputStream in = QuantizedEncoderTest.class.getResourceAsStream(NAME + ".onnx")) {
      Files.copy(in, file);
    }
    model = FormatDetector.open(file, null, FormatLimits.defaults());
  }

  @Test
  void shouldFindEveryMatrixWithItsScaleWhenQuantisedDynamically() {
    Graph graph = model.graph();

    assertThat(graph.prunable())
        .hasSize(36)
        .allSatisfy(kernel -> assertThat(kernel.quantization()).isNotNull());
    assertThat(graph.prunable())
        .extracting(Parameter::layer)
        .contains("encoder/layer.0/attention/self/query", "encoder/layer.5/output/dense");
    assertThat(graph.parameters())
        .filteredOn(parameter -> parameter.role() == Parameter.Role.EMBEDDING)
        .hasSize(3);
  }

  @Test
  void shouldStillTellSentencesApartWhenHalfOfTheWeightsAreAtTheirZeroPoints() throws Exception {
    WordPieces words = WordPieces.of(NAME + "-tokenizer.json");
    Path target = directory.resolve("pruned.onnx");
    Map<String, Tensor> pruned = Half.of(model);

    model.write(pruned, target);

    Graph written = FormatDetector.open(target, null, FormatLimits.defaults()).graph();
    long size = written.prunable().stream().mapToLong(p -> written.tensor(p).size()).sum();
    long kept = written.prunable().stream().mapToLong(p -> NonZero.count(written, p)).sum();
    assertThat(size).isEqualTo(10_616_832);
    assertThat(kept).isEqualTo(size / 2);
    List<float[]> before =
        SentenceEncoder.embed(
            Files.readAllBytes(directory.resolve("encoder.onnx")), words, SENTENCES);
    List<float[]> after = SentenceEncoder.embed(Files.readAllBytes(target), words, SENTENCES);
    double cosine = 0;
    for (int i = 0; i < SENTENCES.size(); i++) {
      cosine += SentenceEncoder.dot(before.get(i), after.get(i)) / SENTENCES.size();
      assertThat(nearest(i, before)).as(SENTENCES.get(i)).isEqualTo(i ^ 1);
      assertThat(nearest(i, after)).as(SENTENCES.get(i)).isEqualTo(i ^ 1);
    }
    assertThat(cosine).isBetween(0.7, 0.999);
  }

  private static int nearest(int sentence, List<float[]> embeddings) {
    int best = sentence == 0 ? 1 : 0;
    for (int i = 0; i < embeddings.size(); i++) {
      boolean nearer =
          SentenceEncoder.dot(embeddings.get(i), embeddings.get(sentence))
              > SentenceEncoder.dot(embeddings.get(best), embeddings.get(sentence));
      best = i != sentence && nearer ? i : best;
    }
    return best;
  }
}
