package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.util.Map;

/** Appends arithmetic of one layer to a graph. */
record Formula(Assembly graph, String layer) {
  /** f(x). */
  Value apply(String operator, Value x) {
    return graph.append(layer, operator, x);
  }

  /** f(x) with a number as attribute. */
  Value apply(String operator, Value x, String attribute, double number) {
    return graph.append(layer, operator, x, Map.of(attribute, new Attribute.Real((float) number)));
  }

  /** x · y. */
  Value times(Value x, Value y) {
    return graph.append(layer, "Mul", x, y.name());
  }

  /** x · number. */
  Value times(Value x, double number) {
    return graph.append(layer, "Mul", x, graph.constant(layer + "/factor", number));
  }

  /** x / y. */
  Value over(Value x, Value y) {
    return graph.append(layer, "Div", x, y.name());
  }

  /** x + y. */
  Value plus(Value x, Value y) {
    return graph.append(layer, "Add", x, y.name());
  }

  /** x + number. */
  Value plus(Value x, double number) {
    return graph.append(layer, "Add", x, graph.constant(layer + "/summand", number));
  }

  /** x to the power of a number. */
  Value power(Value x, double number) {
    return graph.append(layer, "Pow", x, graph.constant(layer + "/exponent", number));
  }

  /** The smaller of x and a number. */
  Value least(Value x, double number) {
    return graph.append(layer, "Clip", x, "", scalar("most", number));
  }

  /** The greater of x and a number. */
  Value greatest(Value x, double number) {
    return graph.append(layer, "Clip", x, scalar("least", number));
  }

  /** x, but at least and at most a number. */
  Value clip(Value x, double least, double most) {
    return graph.append(layer, "Clip", x, scalar("least", least), scalar("most", most));
  }

  /** A constant number without axes; gives its name. */
  String scalar(String what, double number) {
    Tensor tensor = Tensor.zeros(DataType.FLOAT);
    tensor.floats().put((float) number);
    return graph.constant(layer + "/" + what, tensor);
  }
}
