package dev.espalier.engine.format.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An attribute of a group or dataset, with what is needed to write it again as it was. */
public final class Hdf5Attribute {
  private final String name;
  private final Datatype type;
  private final Dataspace space;
  private final ByteBuffer data;
  private final List<ByteBuffer> variable;

  /**
   * An attribute.
   *
   * @param data encoded elements, of no meaning for text of variable length
   * @param variable the elements of text of variable length
   */
  Hdf5Attribute(
      String name, Datatype type, Dataspace space, ByteBuffer data, List<ByteBuffer> variable) {
    this.name = name;
    this.type = type;
    this.space = space;
    this.data = data;
    this.variable = List.copyOf(variable);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  Datatype type() {
    return type;
  }

  Dataspace space() {
    return space;
  }

  ByteBuffer data() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  List<ByteBuffer> variable() {
    return variable;
  }

  /** Its only element as text, empty when it is none. */
  public Optional<String> text() {
    return space.dimensions().isEmpty() ? texts().stream().findFirst() : Optional.empty();
  }

  /** Its elements as text; empty when they are none. */
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    if (type.isVariableString()) {
      variable.forEach(t -> texts.add(Encoded.text(t.duplicate(), t.remaining())));
    } else if (type.isFixedString()) {
      ByteBuffer bytes = data();
      while (bytes.remaining() >= type.size()) {
        texts.add(Encoded.text(bytes, (int) type.size()));
      }
    }
    return List.copyOf(texts);
  }

  /** The same attribute with another text as its only element. */
  Hdf5Attribute withText(String text) {
    ByteBuffer bytes = bytes(text);
    if (type.isVariableString()) {
      return new Hdf5Attribute(name, type, space, data, List.of(bytes));
    }
    return new Hdf5Attribute(name, type.resized(bytes.remaining()), space, bytes, List.of());
  }

  /** A text as it is stored. */
  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
