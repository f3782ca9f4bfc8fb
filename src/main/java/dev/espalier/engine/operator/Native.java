package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** What ND4J's native side needs: our memory as its arrays, and its number of threads. */
public final class Native {
  // Codes of the operations' last three integer arguments.
  private static final int EXPLICIT_PADDING = 0;
  private static final int NCHW = 0;
  private static final int MCHW_KERNELS = 1;

  private Native() {}

  /** An array over the memory of a float tensor; the pointer keeps that memory alive. */
  static INDArray array(Tensor tensor) {
    FloatPointer pointer = new FloatPointer(tensor.floats());
    DataBuffer buffer = Nd4j.createBuffer(pointer, tensor.size(), DataType.FLOAT);
    return Nd4j.create(buffer, tensor.shape());
  }

  /**
   * A call of {@code conv2d} or {@code conv2d_bp} on images [n, c, h, w] and kernels [m, c, kh,
   * kw].
   *
   * @param rows windows over the rows, padded alike at both ends
   * @param columns windows over the columns, padded alike at both ends
   */
  static CustomOp convolution(
      String name, List<Tensor> inputs, List<Tensor> outputs, Window rows, Window columns) {
    return DynamicCustomOp.builder(name)
        .addInputs(inputs.stream().map(Native::array).toArray(INDArray[]::new))
        .addOutputs(outputs.stream().map(Native::array).toArray(INDArray[]::new))
        .addIntegerArguments(
            rows.kernel(),
            columns.kernel(),
            rows.stride(),
            columns.stride(),
            rows.before(),
            columns.before(),
            rows.dilation(),
            columns.dilation(),
            EXPLICIT_PADDING,
            NCHW,
            MCHW_KERNELS)
        .build();
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
