package dev.espalier.contract;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What computed a result, beside its inputs and its policy: with these a run can be repeated.
 *
 * @param version of this program
 * @param seed of every random choice
 * @param warmStart sparsity that the search started from; absent without one
 * @param libraries versions of what computes and reads, by artifact name; absent where no engine
 *     came to an end
 */
public record EngineUsed(
    String version,
    long seed,
    @Nullable Double warmStart,
    @Nullable Map<String, String> libraries) {

  /** An engine that did not come to an end. */
  public EngineUsed(String version, long seed) {
    this(version, seed, null, null);
  }
}
