package dev.espalier.engine.data;

import dev.espalier.contract.Sha256;
import dev.espalier.contract.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * The validation set in two halves: the search half steers the job, the verdict half is scored
 * once, when nothing can be changed any more. Stratified: within each class the halves differ by at
 * most one sample, and so they do over all.
 */
public final class Split {
  /**
   * Name of the algorithm in results, for classes. Classes in ascending order; the samples of each,
   * in order, are shuffled by {@link Collections#shuffle(List, Random)} with one {@link Random} for
   * all (whose sequence Java specifies), and dealt in turns, the verdict half first; each half is
   * then sorted.
   */
  private static final String STRATIFIED = "stratified-halves-1";

  /** The same for targets that are not classes: all samples are of one class. */
  private static final String RANDOM = "random-halves-1";

  private final String algorithm;
  private final int[] search;
  private final int[] verdict;

  private Split(String algorithm, int[] search, int[] verdict) {
    this.algorithm = algorithm;
    this.search = search;
    this.verdict = verdict;
  }

  /** The halves of {@code data} that {@code seed} gives. */
  public static Split of(Dataset data, long seed) {
    TreeMap<Integer, List<Integer>> byClass = new TreeMap<>();
    for (int sample = 0; sample < data.samples(); sample++) {
      byClass.computeIfAbsent(data.label(sample), c -> new ArrayList<>()).add(sample);
    }
    Random random = new Random(seed);
    int dealt = 0;
    int[] verdict = new int[(data.samples() + 1) / 2];
    int[] search = new int[data.samples() / 2];
    for (List<Integer> samples : byClass.values()) {
      Collections.shuffle(samples, random);
      for (int sample : samples) {
        (dealt % 2 == 0 ? verdict : search)[dealt / 2] = sample;
        dealt++;
      }
    }
    Arrays.sort(search);
    Arrays.sort(verdict);
    String algorithm = data.task() == Task.CLASSIFICATION ? STRATIFIED : RANDOM;
    return new Split(algorithm, search, verdict);
  }

  /** Name of the algorithm in results. */
  public String algorithm() {
    return algorithm;
  }

  /** Samples that steer the job, ascending. */
  public int[] search() {
    return search.clone();
  }

  /** Samples that decide, ascending. */
  public int[] verdict() {
    return verdict.clone();
  }

  /** SHA-256 of the verdict half's indices as little-endian int32. */
  public Sha256 verdictSha256() {
    ByteBuffer bytes =
        ByteBuffer.allocate(verdict.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(verdict);
    MessageDigest digest = Sha256.newDigest();
    digest.update(bytes);
    return Sha256.of(digest);
  }
}
