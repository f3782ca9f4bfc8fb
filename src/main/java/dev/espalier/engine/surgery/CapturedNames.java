package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The values that the graph within a node may read. Such a graph is passed through as its format
 * encodes it, so what is known is only which names stand in it.
 */
final class CapturedNames {
  /** Bytes of nested graphs times names that are looked for in them. */
  private static final long MOST_COMPARED = 1L << 30;

  private CapturedNames() {}

  /** Those of {@code names} that a nested graph may read; of large ones, all. */
  static List<String> of(Node node, Set<String> names) {
    List<String> found = new ArrayList<>();
    for (Attribute attribute : node.attributes().values()) {
      if (attribute instanceof Attribute.Opaque opaque) {
        byte[] bytes = new byte[opaque.encoded().remaining()];
        opaque.encoded().duplicate().get(bytes);
        // One character a byte: names are found as the bytes that they are encoded as.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        boolean large = (long) bytes.length * names.size() > MOST_COMPARED;
        for (String name : names) {
          byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
          if (large || text.contains(new String(encoded, StandardCharsets.ISO_8859_1))) {
            found.add(name);
          }
        }
      }
    }
    return found;
  }
}
