package dev.espalier.engine.format.hdf5;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A group.
 *
 * @param attributes by name, in the file's order
 * @param children by name, in the order of creation where the file keeps it, else by name
 * @param ordered whether the file keeps the order of creation
 */
public record Hdf5Group(
    Map<String, Hdf5Attribute> attributes, Map<String, Hdf5Object> children, boolean ordered)
    implements Hdf5Object {

  /** Copies its maps, keeping their order. */
  public Hdf5Group {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    children = Collections.unmodifiableMap(new LinkedHashMap<>(children));
  }

  /**
   * What lies at a path.
   *
   * @param path names separated by {@code /}
   */
  public Optional<Hdf5Object> find(String path) {
    Hdf5Object found = this;
    for (String name : path.split("/", -1)) {
      if (name.isEmpty()) {
        continue;
      }
      if (!(found instanceof Hdf5Group group) || !group.children.containsKey(name)) {
        return Optional.empty();
      }
      found = group.children.get(name);
    }
    return Optional.of(found);
  }

  /** The group at a path, empty when there is none. */
  public Optional<Hdf5Group> group(String path) {
    return find(path).filter(Hdf5Group.class::isInstance).map(Hdf5Group.class::cast);
  }

  /** The dataset at a path, empty when there is none. */
  public Optional<Hdf5Dataset> dataset(String path) {
    return find(path).filter(Hdf5Dataset.class::isInstance).map(Hdf5Dataset.class::cast);
  }

  /** Whether there is a dataset in it or below. */
  public boolean holdsData() {
    return children.values().stream()
        .anyMatch(child -> !(child instanceof Hdf5Group group) || group.holdsData());
  }
}
