package dev.espalier.worker.storage;

class InMemoryObjectStoreTest extends ObjectStoreContract {
  private final ObjectStore store = new InMemoryObjectStore();

  @Override
  ObjectStore store() {
    return store;
  }
}
