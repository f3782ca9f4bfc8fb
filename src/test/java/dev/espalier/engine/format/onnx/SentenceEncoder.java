package dev.espalier.engine.format.onnx;

import dev.espalier.engine.format.RuntimeProbe;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Embeddings of sentences: the mean of the encoder's token vectors, of length one. */
final class SentenceEncoder {
  private static final int WIDTH = 384;

  private SentenceEncoder() {}

  /** Embeddings by an encoded model of the MiniLM family, all in one batch. */
  static List<float[]> embed(byte[] model, WordPieces words, List<String> sentences)
      throws Exception {
    List<long[]> tokens = sentences.stream().map(words::tokens).toList();
    int length = tokens.stream().mapToInt(t -> t.length).max().orElseThrow();
    long[] ids = new long[tokens.size() * length];
    long[] mask = new long[ids.length];
    for (int i = 0; i < tokens.size(); i++) {
      System.arraycopy(tokens.get(i), 0, ids, i * length, tokens.get(i).length);
      Arrays.fill(mask, i * length, i * length + tokens.get(i).length, 1);
    }
    Map<String, Tensor> outputs =
        RuntimeProbe.run(
            model,
            Map.of(
                "input_ids", Tensor.of(ids, tokens.size(), length),
                "attention_mask", Tensor.of(mask, tokens.size(), length),
                "token_type_ids", Tensor.of(new long[ids.length], tokens.size(), length)));
    float[] states = outputs.values().iterator().next().toFloats();
    List<float[]> embeddings = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      int from = i * length * WIDTH;
      int to = from + tokens.get(i).length * WIDTH;
      embeddings.add(mean(Arrays.copyOfRange(states, from, to)));
    }
    return embeddings;
  }

  private static float[] mean(float... states) {
    float[] mean = new float[WIDTH];
    for (int i = 0; i < states.length; i++) {
      mean[i % WIDTH] += states[i];
    }
    double length = Math.sqrt(dot(mean, mean));
    for (int i = 0; i < WIDTH; i++) {
      mean[i] = (float) (mean[i] / length);
    }
    return mean;
  }

  /** Scalar product, which is the cosine of the angle between vectors of length one. */
  static double dot(float[] a, float... b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
