package dev.espalier.isolation;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The class path of an engine: this application's own classes and exactly the jars that the build
 * wrote down in {@code engine-class-path.txt}, by file name. They are found among the jars this JVM
 * was started with (tests), or beside them in the packaged application, where each name is preceded
 * by the jar's group id.
 */
final class EngineClassPath {
  private static final String LIST = "/engine-class-path.txt";

  private EngineClassPath() {}

  /**
   * The class path, own classes first, with the platform's separator.
   *
   * @throws IllegalStateException naming the jars that are missing
   */
  static String locate() {
    Path own = ownClasses();
    List<Path> present = Stream.concat(startedWith(), packagedBeside(own)).toList();
    List<String> missing = new ArrayList<>();
    List<Path> found = new ArrayList<>(List.of(own));
    for (String name : fileNames()) {
      find(name, present).ifPresentOrElse(found::add, () -> missing.add(name));
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "the engine's jars are missing: " + String.join(", ", missing) + "; build again");
    }
    return found.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private static Optional<Path> find(String name, List<Path> present) {
    return present.stream()
        .filter(
            jar -> {
              String file = jar.getFileName().toString();
              return file.equals(name) || file.endsWith("." + name);
            })
        .findFirst();
  }

  private static Stream<Path> startedWith() {
    return Stream.of("java.class.path", "surefire.test.class.path")
        .map(System::getProperty)
        .filter(Objects::nonNull)
        .flatMap(path -> Stream.of(path.split(File.pathSeparator, -1)))
        .filter(entry -> entry.endsWith(".jar"))
        .map(Path::of);
  }

  /** In the packaged application our jar is {@code app/espalier-….jar}, others in lib/main. */
  private static Stream<Path> packagedBeside(Path own) {
    Path libraries = own.resolveSibling("../lib/main").normalize();
    if (!Files.isDirectory(libraries)) {
      return Stream.empty();
    }
    try (Stream<Path> jars = Files.list(libraries)) {
      return jars.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + libraries, e);
    }
  }

  /** The application's jar, or its directory of classes. */
  static Path ownClasses() {
    try {
      return Path.of(
          EngineClassPath.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the application's classes have no file location", e);
    }
  }

  private static List<String> fileNames() {
    try (InputStream in = EngineClassPath.class.getResourceAsStream(LIST)) {
      Objects.requireNonNull(in, () -> "the build must package " + LIST);
      String list = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Stream.of(list.strip().split(":", -1))
          .map(entry -> entry.substring(entry.lastIndexOf('/') + 1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(LIST, e);
    }
  }
}
