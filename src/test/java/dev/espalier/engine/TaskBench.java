package dev.espalier.engine;

import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Metric;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A perceptron trained for a task, and its data: a regression of three values, three labels behind
 * a Sigmoid, or two classes from a single logit.
 */
record TaskBench(Path model, Path validation, Path training) {
  private static final int INPUTS = 8;
  private static final int HIDDEN = 64;
  private static final float[] MIXING = mixing();

  /** Trains once for each directory. */
  static TaskBench of(Path directory, Task task) throws IOException {
    String name = task.wire();
    TaskBench bench =
        new TaskBench(
            directory.resolve(name + ".onnx"),
            directory.resolve(name + "-validation.npz"),
            directory.resolve(name + "-training.npz"));
    if (Files.exists(bench.model)) {
      return bench;
    }
    write(bench.training, task, 2_000, 1);
    write(bench.validation, task, 1_600, 2);
    Graph graph = untrained(task);
    Policy.Recover settings =
        TestPolicies.recover("epochs: 12, optimizer: adam, learning-rate: 0.005, batch: 50");
    try (Dataset data =
            Dataset.read(bench.training, graph, null, null, DataLimits.ofThisProcess(directory));
        Recovery recovery = new Recovery(graph, task, settings, 1)) {
      graph = graph.with(recovery.run(graph.initializers(), Map.of(), data, 1, n -> {}));
    }
    Files.write(bench.model, OnnxSerializer.serialize(graph));
    return bench;
  }

  /** A pruning job. */
  JobSpec spec(@Nullable Policy policy, Path work, @Nullable Task declared) {
    return new JobSpec(
        JobSpec.Operation.PRUNE,
        work,
        model,
        validation,
        training,
        null,
        declared,
        null,
        policy,
        null,
        false,
        1);
  }

  /** Another job on the same data. */
  static JobSpec with(
      JobSpec spec, JobSpec.Operation operation, Path model, @Nullable Metric metric) {
    return new JobSpec(
        operation,
        spec.workDirectory(),
        model,
        spec.validation(),
        null,
        null,
        spec.task(),
        null,
        spec.policy(),
        metric,
        false,
        1);
  }

  private static int outputs(Task task) {
    return task == Task.CLASSIFICATION ? 1 : 3;
  }

  private static Graph untrained(Task task) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("hidden.weight", weights(INPUTS, HIDDEN));
    tensors.put("hidden.bias", Tensor.zeros(DataType.FLOAT, HIDDEN));
    tensors.put("out.weight", weights(HIDDEN, outputs(task)));
    tensors.put("out.bias", Tensor.zeros(DataType.FLOAT, outputs(task)));
    List<Parameter> parameters = new ArrayList<>();
    for (String name : tensors.keySet()) {
      boolean kernel = name.endsWith("weight");
      parameters.add(
          new Parameter(
              name,
              name,
              name.substring(0, name.indexOf('.')),
              kernel ? Parameter.Role.KERNEL : Parameter.Role.BIAS));
    }
    boolean labels = task == Task.MULTILABEL;
    List<Node> nodes = new ArrayList<>();
    nodes.add(node("Gemm", "a", "in", "hidden.weight", "hidden.bias"));
    nodes.add(node("Tanh", "b", "a"));
    nodes.add(node("Gemm", labels ? "c" : "y", "b", "out.weight", "out.bias"));
    if (labels) {
      nodes.add(node("Sigmoid", "y", "c"));
    }
    return new Graph(
        13,
        List.of(new ValueInfo("in", DataType.FLOAT, List.of(-1L, (long) INPUTS))),
        List.of(new ValueInfo("y", DataType.FLOAT, List.of(-1L, (long) outputs(task)))),
        nodes,
        tensors,
        parameters);
  }

  private static Node node(String operator, String output, String... inputs) {
    return new Node(output, operator, List.of(inputs), List.of(output), Map.of());
  }

  private static Tensor weights(int from, int to) {
    Random random = new Random(3);
    float[] values = new float[from * to];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(from));
    }
    return Tensor.of(values, from, to);
  }

  private static float[] mixing() {
    Random random = new Random(8);
    float[] values = new float[INPUTS * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static void write(Path file, Task task, int samples, long seed) throws IOException {
    Random random = new Random(seed);
    int width = outputs(task);
    float[] x = new float[samples * INPUTS];
    float[] y = new float[samples * width];
    for (int s = 0; s < samples; s++) {
      for (int i = 0; i < INPUTS; i++) {
        x[s * INPUTS + i] = (float) random.nextGaussian();
      }
      for (int o = 0; o < width; o++) {
        double sum = 0.3 * random.nextGaussian();
        for (int i = 0; i < INPUTS; i++) {
          sum += x[s * INPUTS + i] * MIXING[i * 3 + o];
        }
        y[s * width + o] = task == Task.REGRESSION ? (float) Math.sin(sum / 2) : sum > 0 ? 1 : 0;
      }
    }
    NpzFile.write(
        file, Map.of("x", Tensor.of(x, samples, INPUTS), "y", Tensor.of(y, samples, (long) width)));
  }
}
