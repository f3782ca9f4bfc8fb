package dev.espalier.engine.format;

import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Dequantization;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model file that was read, and that can be written again in the same format. */
public interface SourceModel {
  /** The detected format. */
  ModelFormat format();

  /** What wrote the file, as the file says. */
  Optional<String> producer();

  /** The model. */
  Graph graph();

  /**
   * Whether an initializer of the graph is in the file itself, so that {@link #write} takes it; the
   * others follow from what the format says otherwise.
   */
  boolean stores(String initializer);

  /**
   * The element type that the file keeps a tensor in; the graph's may be wider.
   *
   * @param tensor name of an initializer
   */
  DataType storedType(String tensor);

  /**
   * Where numbers lie plainly in the file this was read from: what can be stored in fewer bytes
   * without knowing the format. Others, packed ones above all, are left out.
   */
  List<PlainWeights> plainWeights() throws IOException;

  /**
   * Writes the model in its own format with some tensors replaced; everything else is as it came.
   * Where shapes change, so does what the format says about them (units, filters, dimensions). The
   * same arguments give the same bytes.
   *
   * @param changed tensors by initializer name, of the type they had; shapes that change must fit
   *     each other
   * @param target file to create; must not exist
   */
  void write(Map<String, Tensor> changed, Path target) throws IOException;

  /**
   * Writes like {@link #write(Map, Path)}, some tensors as integers that a {@code DequantizeLinear}
   * node makes real. A format that has no such thing takes none.
   *
   * @param integers what takes the place of initializers, by their names
   */
  default void write(Map<String, Tensor> changed, Map<String, Dequantization> integers, Path target)
      throws IOException {
    if (!integers.isEmpty()) {
      throw new IllegalArgumentException("the format has no integers for " + integers.keySet());
    }
    write(changed, target);
  }
}
