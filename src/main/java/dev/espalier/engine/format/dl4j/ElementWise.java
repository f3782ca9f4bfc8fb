package dev.espalier.engine.format.dl4j;

import java.util.List;
import java.util.Optional;

/**
 * Arithmetic of values of one shape, or with size 1 where others have more.
 *
 * @param operation Deeplearning4j's name
 */
record ElementWise(Site site, String operation) implements Vertex {
  static ElementWise of(Site site) {
    String operation = site.fields().text("op").orElse("");
    return switch (operation) {
      case "Add", "Subtract", "Product", "Average", "Max" -> new ElementWise(site, operation);
      default -> throw site.fields().unsupported("operation '" + operation + "' is not supported");
    };
  }

  @Override
  public Optional<Flow> before(Optional<Flow> after) {
    return after;
  }

  @Override
  public Value appendTo(Assembly graph, List<Value> values) {
    Value result = values.get(0);
    if (operation.equals("Subtract") && values.size() != 2) {
      throw site.fields().malformed("a difference has two values, not " + values.size());
    }
    for (Value value : values.subList(1, values.size())) {
      Width width = broadcast(result, value);
      String operator =
          switch (operation) {
            case "Subtract" -> "Sub";
            case "Product" -> "Mul";
            case "Max" -> "Max";
            default -> "Add";
          };
      result = graph.append(site.name(), operator, result, value.name()).with(width);
    }
    return operation.equals("Average") && values.size() > 1
        ? new Formula(graph, site.name()).times(result, 1.0 / values.size())
        : result;
  }

  private Width broadcast(Value left, Value right) {
    Width one = Width.of(1);
    Width width = left.flow().width();
    if (!right.flow().width().agreesWith(width)) {
      if (width.agreesWith(one)) {
        site.requireInput(right, left.flow().with(right.flow().width()));
        return right.flow().width();
      }
      site.requireInput(right, left.flow().with(one));
      return width;
    }
    site.requireInput(right, left.flow());
    return width.isKnown() ? width : right.flow().width();
  }
}
