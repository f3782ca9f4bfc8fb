package dev.espalier.contract;

/**
 * Time of one forward pass before and after, in turns on the engine's host.
 *
 * @param runtime what ran the model, and its version
 * @param batch samples per forward pass
 * @param threads compute threads
 * @param before median over the repetitions of the model as it came
 * @param after the same of the pruned model
 * @param beforeSpread interquartile range of the same
 * @param afterSpread likewise
 * @param ratioBound one-sided lower confidence bound of before / after
 * @param unit of the times
 * @param repetitions pairs of measurements
 */
public record Latency(
    String runtime,
    int batch,
    int threads,
    double before,
    double after,
    double beforeSpread,
    double afterSpread,
    double ratioBound,
    String unit,
    int repetitions) {}
