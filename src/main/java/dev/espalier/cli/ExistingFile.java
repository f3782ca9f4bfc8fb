package dev.espalier.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An argument that names a file that can be read; the value is its absolute path. */
final class ExistingFile implements ITypeConverter<Path> {
  @Override
  public Path convert(String argument) {
    Path file;
    try {
      file = Path.of(argument).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new TypeConversionException("'" + argument + "' is not a path: " + e.getReason());
    }
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new TypeConversionException("there is no readable file '" + argument + "'");
    }
    return file;
  }
}
