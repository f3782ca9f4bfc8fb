package dev.espalier.worker.publish;

import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;

/** Gives tests of other packages what the container gives their subjects. */
public final class Committers {
  private Committers() {}

  public static ResultCommitter in(ObjectStore store, ObjectKeys keys) {
    return new ResultCommitter(store, keys);
  }
}
