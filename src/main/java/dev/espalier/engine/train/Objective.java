package dev.espalier.engine.train;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Task;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.metric.FinalActivation;
import dev.espalier.engine.operator.AxisOperator;
import dev.espalier.engine.operator.Operators;
import dev.espalier.engine.operator.Site;
import dev.espalier.engine.operator.Untrainable;
import dev.espalier.engine.operator.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which value of a graph is trained, and by which loss. That is the first output, the one that is
 * judged; a final Softmax, LogSoftmax or Sigmoid of a classifier belongs to the loss, which stays
 * finite where a logarithm of a probability does not. A Clip behind it is left out, as it only
 * keeps that logarithm finite.
 *
 * <p>Classification: softmax cross-entropy, or binary cross-entropy where the outputs are sigmoids
 * or a single column. Multilabel: binary cross-entropy. Regression: mean squared error.
 */
final class Objective {
  private static final Set<String> OF_CLASSES = Set.of("LogSoftmax", "Softmax");
  private static final String OF_ANSWERS = "Sigmoid";

  private final Graph graph;
  private final Task task;
  private final String value;
  private final @Nullable Node head;

  /**
   * The objective of a task.
   *
   * @throws Untrainable when the model does not end in what the task asks for
   */
  Objective(Graph graph, Task task) {
    this.task = task;
    FinalActivation activation = FinalActivation.of(graph);
    Node last = activation.node();
    boolean classes = last != null && OF_CLASSES.contains(last.operator());
    boolean fused = task != Task.REGRESSION && last != null;
    if (task != Task.REGRESSION && activation.unclear() != null) {
      throw new Untrainable(activation.unclear());
    }
    boolean moved = fused && !activation.inPlace();
    if (moved && !last.operator().equals(OF_ANSWERS)) {
      throw new Untrainable(
          "what follows '%s' (%s) moves or selects its numbers, which no loss of %s is for"
              .formatted(last.name(), last.operator(), task.wire()));
    }
    this.head = fused ? last : null;
    this.graph = moved ? withLogits(graph, last) : graph;
    this.value = fused && !moved ? last.inputs().get(0) : graph.outputs().get(0).name();
    boolean bounded = last != null && last.operator().equals("HardSigmoid");
    if ((task == Task.MULTILABEL && classes) || (task != Task.REGRESSION && bounded)) {
      throw new Untrainable(
          "the model ends in %s, which has no loss for %s".formatted(last.operator(), task.wire()));
    }
  }

  /**
   * The graph whose output is what goes into a sigmoid. Such answers may be moved and selected, as
   * where channels go last: what is done to each of them by itself may as well be done after that.
   */
  private static Graph withLogits(Graph graph, Node sigmoid) {
    Map<String, Node> producers = new HashMap<>();
    graph.nodes().forEach(node -> node.outputs().forEach(name -> producers.put(name, node)));
    Set<Node> dropped = new HashSet<>(Set.of(sigmoid));
    Node node = producers.get(graph.outputs().get(0).name());
    while (node != null && !node.equals(sigmoid)) {
      if (node.operator().equals("Clip")) {
        dropped.add(node);
      }
      node = producers.get(node.inputs().get(0));
    }
    return new Graph(
        graph.opset(),
        graph.inputs(),
        graph.outputs(),
        graph.nodes().stream().map(n -> dropped.contains(n) ? n.passingOn() : n).toList(),
        graph.initializers(),
        graph.parameters());
  }

  /** The graph that ends in the value: the model's own, or one that stays with logits. */
  Graph graph() {
    return graph;
  }

  /** Name of the value the loss is computed from. */
  String value() {
    return value;
  }

  /**
   * Requires that the value has a shape the loss can be computed from.
   *
   * @param constants tensors known before any input
   * @throws Untrainable otherwise
   */
  void requireShape(Trace trace, Map<String, Tensor> constants, long batch) {
    long[] shape = trace.shape(value).orElseGet(() -> new long[0]);
    if (shape.length == 0 || shape[0] != batch || trace.type(value) != DataType.FLOAT) {
      throw mismatch(trace, shape, "real numbers, the batch first");
    }
    if (task != Task.CLASSIFICATION) {
      return;
    }
    boolean softmax = head != null && OF_CLASSES.contains(head.operator());
    long columns = Tensor.elements(shape) / batch;
    boolean matrix = Arrays.stream(shape).skip(1).anyMatch(dimension -> dimension == columns);
    if ((shape.length > 1 && !matrix) || (softmax && columns < 2)) {
      throw mismatch(trace, shape, "[batch, classes]");
    }
    if (head != null && OF_CLASSES.contains(head.operator())) {
      Site site = new Site(head, graph.opset(), constants);
      if (!(Operators.of(site) instanceof AxisOperator operator)
          || !operator.normalisesSamples(shape)) {
        throw site.untrainable("normalises another axis than that of the classes");
      }
    }
  }

  private Untrainable mismatch(Trace trace, long[] shape, String needed) {
    return new Untrainable(
        "output '%s' comes from %s%s; training for %s needs %s"
            .formatted(
                graph.outputs().get(0).name(),
                trace.type(value),
                Arrays.toString(shape),
                task.wire(),
                needed));
  }

  /** The loss of the value, whose first axis is the batch. */
  Loss loss(Value outputs) {
    Value rows = rows(outputs);
    return switch (likelihood(rows)) {
      case NORMAL -> new MeanSquaredError(rows);
      case BERNOULLI -> new SigmoidCrossEntropy(rows);
      case CATEGORICAL -> new SoftmaxCrossEntropy(rows);
    };
  }

  /**
   * The same while learning from another model too.
   *
   * @param teacher what the other model says in place of the value, filled before each evaluation
   */
  Loss loss(Value outputs, Policy.Recover.Distill settings, Tensor teacher) {
    Value rows = rows(outputs);
    double temperature = settings.temperature();
    Loss imitation =
        switch (likelihood(rows)) {
          case NORMAL -> new MeanSquaredError(rows);
          case BERNOULLI -> new SigmoidDivergence(rows, temperature);
          case CATEGORICAL -> new SoftmaxDivergence(rows, temperature);
        };
    return new Distillation(
        loss(outputs), imitation, rows, teacher.reshaped(rows.data().shape()), settings.weight());
  }

  private static Value rows(Value outputs) {
    int batch = (int) outputs.data().dimension(0);
    return outputs.reshaped(batch, outputs.data().size() / batch);
  }

  private Likelihood likelihood(Value rows) {
    if (task == Task.REGRESSION) {
      return Likelihood.NORMAL;
    }
    boolean answers = head != null && head.operator().equals(OF_ANSWERS);
    boolean one = rows.data().dimension(1) == 1;
    return task == Task.MULTILABEL || answers || one
        ? Likelihood.BERNOULLI
        : Likelihood.CATEGORICAL;
  }

  /** How targets are distributed around what the model says. */
  private enum Likelihood {
    NORMAL,
    BERNOULLI,
    CATEGORICAL
  }
}
