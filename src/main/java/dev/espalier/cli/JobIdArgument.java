package dev.espalier.cli;

import dev.espalier.contract.JobId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A job's id, as logs, results and pages give it. */
final class JobIdArgument implements ITypeConverter<JobId> {
  @Override
  public JobId convert(String value) {
    try {
      return new JobId(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + value + "' is none: " + e.getMessage());
    }
  }
}
