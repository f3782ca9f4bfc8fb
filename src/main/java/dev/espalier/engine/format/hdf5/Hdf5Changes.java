package dev.espalier.engine.format.hdf5;

import dev.espalier.engine.graph.Tensor;
import java.util.Map;
import java.util.Set;

/**
 * What shall be otherwise in a copy of a file. Paths are names separated by {@code /}, without one
 * in front.
 *
 * @param datasets numbers by path of the dataset, of the type it has; shapes may differ
 * @param texts text by name of an attribute of the root group, which must hold one text
 * @param dropped paths of groups and datasets to leave out
 */
public record Hdf5Changes(
    Map<String, Tensor> datasets, Map<String, String> texts, Set<String> dropped) {

  /** Copies its collections. */
  public Hdf5Changes {
    datasets = Map.copyOf(datasets);
    texts = Map.copyOf(texts);
    dropped = Set.copyOf(dropped);
  }
}
