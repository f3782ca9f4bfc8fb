package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** What ND4J's native side needs: our memory as its arrays, and its number of threads. */
public final class Native {
  private Native() {}

  /** An array over the memory of a float tensor; the pointer keeps that memory alive. */
  static INDArray array(Tensor tensor, long... shape) {
    FloatPointer pointer = new FloatPointer(tensor.floats());
    return Nd4j.create(Nd4j.createBuffer(pointer, tensor.size(), DataType.FLOAT), shape);
  }

  /**
   * Sets how many threads the kernels use when called from this thread. OpenMP keeps that number
   * per calling thread.
   */
  public static void useThreads(int threads) {
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    Nd4j.factory().blas().setMaxThreads(threads);
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
  }
}
