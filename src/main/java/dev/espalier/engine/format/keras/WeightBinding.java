package dev.espalier.engine.format.keras;

import static dev.espalier.contract.ReasonCode.TENSOR_INVALID;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FiniteWeights;
import dev.espalier.engine.format.hdf5.Hdf5Dataset;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * A request and the dataset that answers it.
 *
 * @param path of the dataset from the root of the HDF5 file
 * @param source the name that reports show
 */
record WeightBinding(WeightRequest request, String path, String source, Hdf5Dataset dataset) {

  WeightBinding {
    if (!dataset.dimensions().equals(request.shape())) {
      throw new Refusal(
          TENSOR_INVALID,
          "'%s' of layer '%s' has shape %s in the file, its configuration says %s"
              .formatted(request.name(), request.layer(), dataset.dimensions(), request.shape()));
    }
    DataType type = dataset.number().orElse(DataType.BOOL);
    if (type != DataType.FLOAT && type != DataType.FLOAT16 && type != DataType.DOUBLE) {
      throw new Refusal(
          TENSOR_INVALID,
          "'%s' of layer '%s' does not hold floating-point numbers: quantised weights are not read"
              .formatted(request.name(), request.layer()));
    }
  }

  /** The parameter of the graph. */
  Parameter parameter() {
    return new Parameter(
        request.tensor(), source, request.layer(), request.role(), null, request.frozen());
  }

  /** The graph's tensor. */
  Tensor tensor() throws IOException {
    Tensor stored = dataset.read();
    FiniteWeights.require(stored, "'" + request.name() + "' of layer '" + request.layer() + "'");
    return request.arrangement().toGraph(Precision.single(stored));
  }

  /**
   * The weight as the file keeps it, for the graph's tensor.
   *
   * @param now the dataset of the file as it is open now
   */
  Tensor stored(Tensor graphTensor, Hdf5Dataset now) throws IOException {
    Tensor keras = request.arrangement().toKeras(graphTensor, multiplier());
    return dataset.number().filter(DataType.FLOAT::equals).isPresent()
        ? keras
        : Precision.asStored(keras, now.read());
  }

  /** The second axis after permutation, which merging makes part of the first. */
  private long multiplier() {
    List<Integer> permutation = request.arrangement().permutation();
    int axis = permutation.isEmpty() ? 1 : permutation.get(1);
    return request.arrangement().mergesLeading() ? request.shape().get(axis) : 1;
  }

  /** Whether a weight has the shape that the file keeps. */
  boolean hasShape(Tensor weight) {
    return Arrays.equals(
        weight.shape(), request.shape().stream().mapToLong(Long::longValue).toArray());
  }
}
