package dev.espalier.engine.format;

import dev.espalier.contract.ModelFormat;
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
   * Where float32 weights lie plainly in the file this was read from: what can be stored in fewer
   * bytes without knowing the format. Other weights, packed ones above all, are left out.
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
}
