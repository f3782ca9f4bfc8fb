package dev.espalier.cli;

import dev.espalier.contract.Metric;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Metrics by the names that policies use. */
final class MetricName implements ITypeConverter<Metric>, Iterable<String> {

  @Override
  public Metric convert(String name) {
    try {
      return Metric.of(name);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + name + "' is not one of " + String.join(", ", this));
    }
  }

  @Override
  public Iterator<String> iterator() {
    return Arrays.stream(Metric.values()).map(Metric::wire).collect(Collectors.toList()).iterator();
  }
}
