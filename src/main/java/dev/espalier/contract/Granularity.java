package dev.espalier.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** What a policy removes as one. */
public sealed interface Granularity {
  /** Single weights, set to zero. */
  Granularity WEIGHT = new Weight();

  /** Filters of convolutions and neurons of dense layers, physically removed. */
  Granularity FILTER = new Filter();

  /** The form in policies. */
  @JsonValue
  Object wire();

  /** The granularity of a policy's value, which its schema has accepted. */
  @JsonCreator
  static Granularity of(JsonNode value) {
    if (value.has("block")) {
      return new Block(value.at("/block/0").intValue(), value.at("/block/1").intValue());
    }
    if (value.has("n")) {
      return new NOfM(value.path("n").intValue(), value.path("m").intValue());
    }
    return value.asText().equals("filter") ? FILTER : WEIGHT;
  }

  /** See {@link #WEIGHT}. */
  record Weight() implements Granularity {
    @Override
    public String wire() {
      return "weight";
    }
  }

  /** See {@link #FILTER}. */
  record Filter() implements Granularity {
    @Override
    public String wire() {
      return "filter";
    }
  }

  /**
   * Blocks of the matrix of a kernel: its outputs are the rows, everything that flows into one
   * output the columns.
   *
   * @param rows at least 1
   * @param columns at least 1
   */
  record Block(int rows, int columns) implements Granularity {
    @Override
    public Map<String, List<Integer>> wire() {
      return Map.of("block", List.of(rows, columns));
    }
  }

  /**
   * At most {@code n} weights that are not zero in every {@code m} along the input axis.
   *
   * @param n at least 1 and less than {@code m}
   */
  record NOfM(int n, int m) implements Granularity {
    /** The sparsity of the pattern, 1 − n/m. */
    public double sparsity() {
      return 1 - (double) n / m;
    }

    @Override
    public Map<String, Integer> wire() {
      return Map.of("n", n, "m", m);
    }
  }
}
