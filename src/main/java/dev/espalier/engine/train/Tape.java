package dev.espalier.engine.train;

import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Operator;
import dev.espalier.engine.operator.Step;
import dev.espalier.engine.operator.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A graph bound to buffers for one batch size, played forwards for the loss and backwards for its
 * gradients (reverse-mode automatic differentiation). All memory is taken when it is built; playing
 * takes none.
 */
final class Tape {
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Long> readers = new HashMap<>();
  private final Map<String, Fork> forks = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private final Map<String, Value> inputs = new HashMap<>();
  private final SoftmaxCrossEntropy loss;
  private final Value logits;

  /**
   * A tape for inputs of the given shapes.
   *
   * @param parameters trained tensors, shared with other tapes
   * @throws dev.espalier.engine.operator.Untrainable when the shapes do not go through
   */
  Tape(Plan plan, Parameters parameters, Map<String, long[]> inputShapes) {
    Map<String, long[]> shapes = plan.shapes(inputShapes);
    plan.calls().forEach(call -> call.operands().forEach(this::countReader));
    countReader(plan.logitsName());
    plan.constants().forEach((name, tensor) -> values.put(name, new Value(tensor, null)));
    inputShapes.forEach((name, shape) -> inputs.put(name, Value.allocate(false, shape)));
    values.putAll(inputs);
    parameters.values().forEach(this::define);
    for (Plan.Call call : plan.calls()) {
      List<Value> operands = call.operands().stream().map(this::read).toList();
      define(call.result(), result(call.operator(), operands, shapes.get(call.result())));
    }
    logits = read(plan.logitsName());
    loss = new SoftmaxCrossEntropy(logits);
  }

  private void countReader(String name) {
    readers.merge(name, 1L, Long::sum);
  }

  private Value result(Operator operator, List<Value> operands, long[] shape) {
    if (operator instanceof Operator.Computed computed) {
      boolean differentiated = operands.stream().anyMatch(Value::differentiated);
      Value result = Value.allocate(differentiated, shape);
      Step step = computed.bind(operands, result);
      steps.add(differentiated ? step : new ForwardOnly(step));
      return result;
    }
    return operands.get(0).reshaped(shape);
  }

  private void define(String name, Value value) {
    values.put(name, value);
    if (value.differentiated() && readers.getOrDefault(name, 0L) > 1) {
      Fork fork = new Fork(value);
      forks.put(name, fork);
      steps.add(fork);
    }
  }

  private Value read(String name) {
    Fork fork = forks.get(name);
    return fork != null ? fork.branch() : values.get(name);
  }

  /** The logits [batch, classes] of the last batch. */
  Tensor logits() {
    return logits.data();
  }

  /**
   * Plays a batch forwards and backwards, which leaves the gradients in the parameters.
   *
   * @param batch tensors by input name, shaped as the tape was built for
   * @param labels class of each sample
   * @param noise random numbers of this pass
   * @return the mean loss
   */
  double play(Map<String, Tensor> batch, Tensor labels, RandomGenerator noise) {
    inputs.forEach((name, value) -> value.data().floats().put(batch.get(name).floats()));
    for (Step step : steps) {
      step.forward(noise);
    }
    double mean = loss.evaluate(labels);
    ListIterator<Step> reverse = steps.listIterator(steps.size());
    while (reverse.hasPrevious()) {
      reverse.previous().backward();
    }
    return mean;
  }

  /** A step before the first trained tensor: nobody asks for its operands' gradients. */
  private record ForwardOnly(Step step) implements Step {
    @Override
    public void forward(RandomGenerator noise) {
      step.forward(noise);
    }

    @Override
    public void backward() {}
  }
}
