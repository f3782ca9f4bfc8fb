package dev.espalier.engine.report;

import dev.espalier.contract.BuildVersion;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What computed a result, and what it took. */
public final class Environment {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";
  private static final long KIBIBYTE = 1024;

  /** A class of each library that computes or reads files, by artifact. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "onnxruntime", "/ai/onnxruntime/OrtEnvironment.class",
          "nd4j-native", "/org/nd4j/linalg/cpu/nativecpu/NDArray.class",
          "openblas", "/org/bytedeco/openblas/global/openblas.class",
          "protobuf-java", "/com/google/protobuf/Message.class",
          "zstd-jni", "/com/github/luben/zstd/Zstd.class");

  /** The first hyphen with a digit behind it starts the version in a jar's name. */
  private static final Pattern JAR = Pattern.compile("/[^/!]*?-(\\d[^/!]*)\\.jar!/");

  private Environment() {}

  /** Versions of the libraries on the class path, by artifact, and of the Java runtime. */
  public static SortedMap<String, String> libraries() {
    SortedMap<String, String> versions = new TreeMap<>();
    versions.put("java", Runtime.version().toString());
    LIBRARIES.forEach(
        (artifact, marker) -> {
          URL place = Environment.class.getResource(marker);
          Matcher jar = JAR.matcher(place == null ? "" : place.toString());
          if (jar.find()) {
            versions.put(artifact, jar.group(1));
          }
        });
    return versions;
  }

  /** Version of the engine, as the build wrote it. */
  public static String version() {
    return BuildVersion.current();
  }

  /** Peak resident memory of this process in bytes, as Linux counts it; 0 where it does not say. */
  public static long peakMemory() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return 0;
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(PEAK))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * KIBIBYTE)
        .findFirst()
        .orElse(0);
  }
}
