package dev.espalier.engine.train;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Operator;
import dev.espalier.engine.operator.Step;
import dev.espalier.engine.operator.Untrainable;
import dev.espalier.engine.operator.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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
  private final @Nullable Loss loss;
  private final Value outputs;

  /**
   * A tape for inputs of the given shapes.
   *
   * @param parameters trained tensors, shared with other tapes
   * @throws Untrainable when the shapes do not go through, or nothing trained acts on the outputs
   */
  Tape(Plan plan, Parameters parameters, Map<String, long[]> inputShapes) {
    this(plan, parameters, inputShapes, plan.objective()::loss);
  }

  /**
   * A tape with another loss than the task's own.
   *
   * @param minimised the loss of the value under it; null for a tape that is only ever played
   *     forwards
   */
  Tape(
      Plan plan,
      Parameters parameters,
      Map<String, long[]> inputShapes,
      @Nullable Function<Value, Loss> minimised) {
    Trace trace = plan.trace(inputShapes);
    plan.requireTrainable(trace, inputShapes);
    trace.calls().forEach(call -> call.operands().forEach(this::countReader));
    countReader(plan.objective().value());
    trace.constants().forEach((name, tensor) -> values.put(name, new Value(tensor, null)));
    inputShapes.forEach(
        (name, shape) -> inputs.put(name, new Value(Tensor.zeros(trace.type(name), shape), null)));
    values.putAll(inputs);
    parameters.values().forEach(this::define);
    for (Trace.Call call : trace.calls()) {
      List<Value> operands = call.operands().stream().map(this::read).toList();
      List<Value> results = results(call, operands);
      for (int i = 0; i < results.size(); i++) {
        define(call.results().get(i), results.get(i));
      }
    }
    outputs = read(plan.objective().value());
    if (minimised != null && !outputs.differentiated()) {
      throw new Untrainable("no trained tensor acts on '" + plan.objective().value() + "'");
    }
    loss = minimised == null ? null : minimised.apply(outputs);
  }

  private void countReader(String name) {
    readers.merge(name, 1L, Long::sum);
  }

  private List<Value> results(Trace.Call call, List<Value> operands) {
    if (call.operator() instanceof Operator.View) {
      return List.of(operands.get(0).reshaped(call.shapes().get(0)));
    }
    boolean through = operands.stream().anyMatch(Value::differentiated);
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < call.shapes().size(); i++) {
      Tensor data = Tensor.zeros(call.type(), call.shapes().get(i));
      boolean read = readers.containsKey(call.results().get(i));
      boolean differentiated = through && read && call.type() == DataType.FLOAT;
      results.add(
          new Value(data, differentiated ? Tensor.zeros(DataType.FLOAT, data.shape()) : null));
    }
    Step step = step(call.operator(), operands, results);
    steps.add(results.stream().anyMatch(Value::differentiated) ? step : new ForwardOnly(step));
    return results;
  }

  private static Step step(Operator operator, List<Value> operands, List<Value> results) {
    return operator instanceof Operator.Multiple multiple
        ? multiple.bind(operands, results)
        : ((Operator.Computed) operator).bind(operands, results.get(0));
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

  /** The value under the loss, of the last batch. */
  Tensor outputs() {
    return outputs.data();
  }

  /**
   * Plays a batch forwards and backwards, which leaves the gradients in the parameters.
   *
   * @param batch tensors by input name, shaped as the tape was built for
   * @param targets as the loss takes them
   * @param noise random numbers of this pass
   * @return the mean loss
   */
  double play(Map<String, Tensor> batch, Tensor targets, RandomGenerator noise) {
    if (loss == null) {
      throw new IllegalStateException("a tape without loss is only played forwards");
    }
    play(batch, noise);
    double mean = loss.evaluate(targets);
    ListIterator<Step> reverse = steps.listIterator(steps.size());
    while (reverse.hasPrevious()) {
      reverse.previous().backward();
    }
    return mean;
  }

  /** Plays a batch forwards only, as in training. */
  void play(Map<String, Tensor> batch, RandomGenerator noise) {
    load(batch);
    steps.forEach(step -> step.forward(noise));
  }

  /**
   * Plays a batch forwards only, which changes the statistics of normalisations and nothing else.
   *
   * @param batch tensors by input name, shaped as the tape was built for
   * @param batches batches since settling began, before this one
   * @param noise random numbers of this pass
   * @see Step#settle
   */
  void settle(Map<String, Tensor> batch, int batches, RandomGenerator noise) {
    load(batch);
    steps.forEach(step -> step.settle(noise, batches));
  }

  private void load(Map<String, Tensor> batch) {
    inputs.forEach((name, value) -> load(batch, name, value.data()));
  }

  private static void load(Map<String, Tensor> batch, String name, Tensor into) {
    Tensor given = batch.get(name);
    if (given == null || given.type() != into.type() || given.size() != into.size()) {
      throw new IllegalArgumentException("input '%s' is %s, not %s".formatted(name, given, into));
    }
    into.bytes().put(given.bytes());
  }

  /** A step before the first trained tensor: nobody asks for its operands' gradients. */
  private record ForwardOnly(Step step) implements Step {
    @Override
    public void forward(RandomGenerator noise) {
      step.forward(noise);
    }

    @Override
    public void settle(RandomGenerator noise, int batches) {
      step.settle(noise, batches);
    }

    @Override
    public void backward() {}
  }
}
