package dev.espalier.engine.graph;

import java.nio.ByteBuffer;
import java.util.List;

/** An attribute of a node. */
public sealed interface Attribute {
  /** An integer. */
  record Int(long value) implements Attribute {}

  /** A float. */
  record Real(float value) implements Attribute {}

  /** A string. */
  record Text(String value) implements Attribute {}

  /** Integers. */
  record Ints(List<Long> values) implements Attribute {}

  /** Floats. */
  record Reals(List<Float> values) implements Attribute {}

  /** Strings. */
  record Texts(List<String> values) implements Attribute {}

  /** A tensor. */
  record Value(Tensor tensor) implements Attribute {}

  /**
   * Anything passed through untouched, such as a subgraph.
   *
   * @param encoded the attribute as its source format encodes it
   */
  record Opaque(ByteBuffer encoded) implements Attribute {}
}
