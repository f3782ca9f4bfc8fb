package dev.espalier.engine.format.keras;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.hdf5.Hdf5Changes;
import dev.espalier.engine.format.hdf5.Hdf5Group;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** An open Keras file of either kind. */
sealed interface Container extends AutoCloseable permits H5Container, ArchiveContainer {
  /** Opens a file of a format. */
  static Container open(Path file, ModelFormat format, FormatLimits limits) throws IOException {
    return format == ModelFormat.KERAS_H5
        ? H5Container.open(file, limits)
        : ArchiveContainer.open(file, limits);
  }

  /** The model's configuration. */
  JsonNode config();

  /** The version of Keras that wrote it, empty when it does not say. */
  String version();

  /** The root of the HDF5 file with the weights. */
  Hdf5Group root();

  /** Position of the HDF5 file in this one; empty when it is packed. */
  OptionalLong weightsAt() throws IOException;

  /** Where in that file the weights are. */
  WeightPlaces places();

  /**
   * Writes a copy in which some bytes of the HDF5 file are others, and everything else is as it
   * came.
   *
   * @param bytes by their position in the HDF5 file
   * @param target file to create
   */
  void patch(Map<Long, ByteBuffer> bytes, Path target) throws IOException;

  /**
   * Writes a copy with an HDF5 file of our own.
   *
   * @param config the new configuration when shapes change; the optimizer's state, which no longer
   *     fits, is then left out
   * @param target file to create
   */
  void rewrite(Hdf5Changes weights, Optional<JsonNode> config, Path target) throws IOException;

  @Override
  void close() throws IOException;
}
