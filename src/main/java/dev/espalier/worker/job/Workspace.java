package dev.espalier.worker.job;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A directory that lives as long as one run of a job, and nothing of it longer. */
record Workspace(Path root) implements AutoCloseable {

  /** A new, empty one below {@code parent}. */
  static Workspace below(Path parent, String name) throws IOException {
    Files.createDirectories(parent);
    return new Workspace(Files.createTempDirectory(parent.toAbsolutePath(), name + "-"));
  }

  /** A new, empty directory in it. */
  Path directory(String name) throws IOException {
    return Files.createDirectory(root.resolve(name));
  }

  @Override
  public void close() throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
