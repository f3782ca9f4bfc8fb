package dev.espalier.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How the recall of one class changed, on the verdict half.
 *
 * @param index the class
 * @param samples of it
 * @param drop recall of the model as it came minus that of the pruned model, in [−1, 1]
 * @param lowerBound one-sided lower confidence bound of the drop, corrected for the number of
 *     classes; absent where there are too few samples to test
 */
public record ClassDrop(
    @JsonProperty("class") int index, long samples, double drop, @Nullable Double lowerBound) {}
