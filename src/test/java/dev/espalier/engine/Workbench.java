package dev.espalier.engine;

import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Task;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.data.DataLimits;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.data.NpzFile;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.train.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A really trained perceptron with its data in files, and policies to prune it by. */
final class Workbench {
  static final int INPUTS = 32;
  static final int CLASSES = 4;

  final Path model;
  final Path validation;
  final Path training;
  private final Path directory;

  private Workbench(Path directory) {
    this.directory = directory;
    model = directory.resolve("model.onnx");
    validation = directory.resolve("validation.npz");
    training = directory.resolve("training.npz");
  }

  /** Trains in a second or two to an accuracy between 0.9 and 1. */
  static Workbench trained(Path directory) throws IOException {
    Workbench bench = new Workbench(directory);
    write(bench.training, 3_000, 1);
    write(bench.validation, 2_000, 2);
    Graph graph = untrained();
    Dataset data =
        Dataset.read(bench.training, graph, null, null, DataLimits.ofThisProcess(directory));
    try (Recovery recovery = new Recovery(graph, Task.CLASSIFICATION, recover(3, 0.003), 1)) {
      graph = graph.with(recovery.run(graph.initializers(), Map.of(), data, 1, n -> {}));
    }
    Files.write(bench.model, OnnxSerializer.serialize(graph));
    return bench;
  }

  static Policy policy(double sparsity, int steps, int epochs, double maxDrop, double minSize) {
    return TestPolicies.policy(
        """
        target: {sparsity: %s}, schedule: {steps: %d}, budget: {max-duration: PT10M},
        recover: {epochs: %d%s, batch: 64},
        gate: {max-drop: %s, min-size-reduction: %s}
        """
            .formatted(
                sparsity,
                steps,
                epochs,
                epochs == 0 ? "" : ", learning-rate: 0.002",
                maxDrop,
                minSize));
  }

  private static Policy.Recover recover(int epochs, double learningRate) {
    return TestPolicies.recover(
        "epochs: %d, learning-rate: %s, batch: 64".formatted(epochs, learningRate));
  }

  JobSpec prune(Policy policy, String work) throws IOException {
    return spec(JobSpec.Operation.PRUNE, model, policy, work);
  }

  JobSpec spec(JobSpec.Operation operation, Path file, Policy policy, String work)
      throws IOException {
    return new JobSpec(
        operation,
        Files.createDirectories(directory.resolve(work)),
        file,
        validation,
        training,
        null,
        null,
        null,
        policy,
        null,
        false,
        1);
  }

  private static Graph untrained() {
    Random random = new Random(3);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<Parameter> parameters = new ArrayList<>();
    List<Node> nodes = new ArrayList<>();
    int[] widths = {INPUTS, 96, 48, CLASSES};
    String value = "input";
    for (int i = 1; i < widths.length; i++) {
      String layer = "fc" + i;
      float[] weights = new float[widths[i - 1] * widths[i]];
      for (int w = 0; w < weights.length; w++) {
        weights[w] = (float) (random.nextGaussian() / Math.sqrt(widths[i - 1]));
      }
      tensors.put(layer + ".weight", Tensor.of(weights, widths[i - 1], widths[i]));
      tensors.put(layer + ".bias", Tensor.zeros(DataType.FLOAT, widths[i]));
      String kernel = layer + ".weight";
      String bias = layer + ".bias";
      parameters.add(new Parameter(kernel, kernel, layer, Parameter.Role.KERNEL));
      parameters.add(new Parameter(bias, bias, layer, Parameter.Role.BIAS));
      boolean last = i == widths.length - 1;
      nodes.add(node(layer, "Gemm", last ? "output" : layer + ".out", value, kernel, bias));
      if (!last) {
        nodes.add(node("relu" + i, "Relu", "relu" + i + ".out", layer + ".out"));
      }
      value = "relu" + i + ".out";
    }
    return new Graph(
        13,
        List.of(new ValueInfo("input", DataType.FLOAT, List.of(-1L, (long) INPUTS))),
        List.of(new ValueInfo("output", DataType.FLOAT, List.of(-1L, (long) CLASSES))),
        nodes,
        tensors,
        parameters);
  }

  private static Node node(String name, String operator, String output, String... inputs) {
    return new Node(name, operator, Arrays.asList(inputs), List.of(output), Map.of());
  }

  /** Noisy copies of one prototype per class. */
  private static void write(Path file, int samples, long seed) throws IOException {
    Random fixed = new Random(99);
    double[][] prototypes = new double[CLASSES][INPUTS];
    for (double[] prototype : prototypes) {
      Arrays.setAll(prototype, i -> fixed.nextGaussian());
    }
    Random random = new Random(seed);
    Tensor x = Tensor.zeros(DataType.FLOAT, samples, INPUTS);
    Tensor y = Tensor.zeros(DataType.INT64, samples);
    for (int s = 0; s < samples; s++) {
      int label = random.nextInt(CLASSES);
      y.longs().put(s, label);
      for (int i = 0; i < INPUTS; i++) {
        x.floats()
            .put(s * INPUTS + i, (float) (prototypes[label][i] + 2.2 * random.nextGaussian()));
      }
    }
    NpzFile.write(file, Map.of("x", x, "y", y));
  }
}
