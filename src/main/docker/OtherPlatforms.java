import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Takes native libraries out of jars that the image's platform, Linux on x86-64, can never load.
 * Argument: a directory of jars. Run from its source by the image's build, which has a JDK and need
 * not install a tool for it.
 */
final class OtherPlatforms {
  private static final Pattern NATIVE =
      Pattern.compile(".*(\\.(so(\\.\\d+)*|dll|dylib|jnilib|a)|\\.dSYM/.*)");
  private static final Pattern OURS =
      Pattern.compile("(?i).*/?linux[-/](x86[_-]64|amd64|x64)[-/].*");

  private OtherPlatforms() {}

  public static void main(String[] arguments) throws IOException {
    long before = 0;
    long after = 0;
    for (Path jar : files(Path.of(arguments[0]))) {
      if (jar.toString().endsWith(".jar")) {
        before += Files.size(jar);
        trim(jar);
        after += Files.size(jar);
      }
    }
    System.out.printf("native libraries of other platforms: %,d bytes less%n", before - after);
  }

  private static void trim(Path jar) throws IOException {
    try (FileSystem content = FileSystems.newFileSystem(jar)) {
      for (Path entry : files(content.getPath("/"))) {
        String name = entry.toString().substring(1);
        if (NATIVE.matcher(name).matches() && !OURS.matcher(name).matches()) {
          Files.delete(entry);
        }
      }
    }
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
