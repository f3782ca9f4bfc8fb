package dev.espalier.engine.format.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tokens of lower-case English: words and punctuation marks, each split greedily into the longest
 * pieces of the vocabulary (WordPiece: Schuster and Nakajima 2012,
 * doi:10.1109/ICASSP.2012.6289079).
 */
final class WordPieces {
  private static final String CONTINUED = "##";

  private final JsonNode vocabulary;

  private WordPieces(JsonNode vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** The vocabulary of a {@code tokenizer.json} on the class path. */
  static WordPieces of(String resource) throws IOException {
    try (InputStream in = WordPieces.class.getResourceAsStream(resource)) {
      return new WordPieces(new ObjectMapper().readTree(in).at("/model/vocab"));
    }
  }

  /** Tokens of a sentence, between the marks that BERT wants. */
  long[] tokens(String sentence) {
    List<Long> tokens = new ArrayList<>();
    tokens.add(id("[CLS]"));
    for (String word :
        sentence.toLowerCase(Locale.ROOT).split("\\s+|(?=\\p{Punct})|(?<=\\p{Punct})", -1)) {
      if (!word.isEmpty()) {
        split(word, tokens);
      }
    }
    tokens.add(id("[SEP]"));
    return tokens.stream().mapToLong(Long::longValue).toArray();
  }

  private void split(String word, List<Long> tokens) {
    int from = 0;
    while (from < word.length()) {
      int to = word.length();
      while (to > from && !vocabulary.has(piece(word, from, to))) {
        to--;
      }
      if (to == from) {
        throw new IllegalArgumentException("no pieces for '" + word + "'");
      }
      tokens.add(id(piece(word, from, to)));
      from = to;
    }
  }

  private static String piece(String word, int from, int to) {
    return (from == 0 ? "" : CONTINUED) + word.substring(from, to);
  }

  private long id(String piece) {
    return vocabulary.get(piece).asLong();
  }
}
