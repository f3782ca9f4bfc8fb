package dev.espalier.engine.data;

import dev.espalier.engine.graph.Tensor;

/** Arrays for tests. */
final class InMemory {
  private InMemory() {}

  /** The rows of a tensor. */
  static Rows rows(Tensor tensor) {
    ElementType type =
        switch (tensor.type()) {
          case FLOAT -> ElementType.F4;
          case DOUBLE -> ElementType.F8;
          case FLOAT16 -> ElementType.F2;
          case UINT8 -> ElementType.U1;
          case INT8 -> ElementType.I1;
          case INT32 -> ElementType.I4;
          case INT64 -> ElementType.I8;
          case BOOL -> ElementType.B1;
          default -> throw new IllegalArgumentException("no array of " + tensor);
        };
    return Rows.inMemory(type, tensor.bytes(), tensor.shape());
  }
}
