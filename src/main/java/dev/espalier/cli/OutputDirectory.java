package dev.espalier.cli;

import dev.espalier.contract.ByProduct;
import dev.espalier.contract.FileCopy;
import dev.espalier.contract.ModelFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where {@code prune} leaves its results. A file appears there complete or not at all.
 *
 * @param directory its absolute path
 */
record OutputDirectory(Path directory) {
  /** Whether nothing of the user's would be mixed with or overwritten by results. */
  boolean isFree() throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  static String modelName(ModelFormat format) {
    return "model." + format.extension();
  }

  /** Removes what an earlier run left, so that no model lies beside a report of another. */
  void removeResults() throws IOException {
    for (ModelFormat format : ModelFormat.values()) {
      Files.deleteIfExists(directory.resolve(modelName(format)));
    }
    Files.deleteIfExists(directory.resolve(FileCopy.ARCHIVE));
    for (ByProduct byProduct : ByProduct.values()) {
      Files.deleteIfExists(directory.resolve(byProduct.file()));
    }
  }

  /** Whether a result would take the place of a file. */
  boolean wouldReplace(Path file) throws IOException {
    Path real = file.toRealPath();
    for (ModelFormat format : ModelFormat.values()) {
      Path result = directory.resolve(modelName(format));
      if (Files.exists(result) && result.toRealPath().equals(real)) {
        return true;
      }
    }
    return false;
  }

  /** Takes a file over from an engine's output; returns where it lies now. */
  Path take(Path file) throws IOException {
    Files.createDirectories(directory);
    Path target = directory.resolve(file.getFileName());
    place(file, target);
    return target;
  }

  /** Copies a file to where it appears complete or not at all. */
  static void place(Path file, Path target) throws IOException {
    Path partial = target.resolveSibling("." + target.getFileName() + ".partial");
    Files.copy(file, partial, StandardCopyOption.REPLACE_EXISTING, LinkOption.NOFOLLOW_LINKS);
    Files.move(
        partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Reads the argument: a directory, or a name for a new one. */
  static final class Converter implements ITypeConverter<OutputDirectory> {
    @Override
    public OutputDirectory convert(String argument) {
      Path path = Path.of(argument).toAbsolutePath().normalize();
      if (Files.exists(path) && !Files.isDirectory(path)) {
        throw new TypeConversionException("'" + argument + "' is not a directory");
      }
      return new OutputDirectory(path);
    }
  }
}
