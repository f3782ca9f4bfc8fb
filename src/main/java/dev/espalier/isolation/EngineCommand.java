package dev.espalier.isolation;

import static java.util.Map.entry;

import dev.espalier.contract.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How an engine's JVM is started.
 *
 * @param classPath its class path, with the platform's separator
 * @param mainClass its entry point
 * @param nativeCache where native libraries are unpacked once, for this user only
 * @param variant the build of the native libraries to try first
 * @param archiveOptions JVM options about the archive of the engine's classes
 */
record EngineCommand(
    String classPath,
    String mainClass,
    Path nativeCache,
    NativeVariant variant,
    List<String> archiveOptions) {
  /** Named, not referenced: nothing of the engine is loaded in this JVM. */
  private static final String ENGINE_MAIN = "dev.espalier.engine.EngineMain";

  /** File, below the work directory, that HotSpot writes when native code crashes. */
  static final String CRASH_FILE = "engine-crash.log";

  private static final String SCRATCH = "tmp";

  /** The command for this application's engine. */
  static EngineCommand ofApplication() {
    return new EngineCommand(
        EngineClassPath.locate(),
        ENGINE_MAIN,
        NativeCache.directory(),
        NativeVariant.best(),
        EngineArchive.options());
  }

  /** The same command with other options about the archive. */
  EngineCommand with(List<String> otherArchiveOptions) {
    return new EngineCommand(classPath, mainClass, nativeCache, variant, otherArchiveOptions);
  }

  /** A process ready to be started; it asks for its job on standard input. */
  ProcessBuilder processFor(JobSpec spec, EngineLimits limits, NativeVariant variant)
      throws IOException {
    Path work = spec.workDirectory();
    Path scratch = Files.createDirectories(work.resolve(SCRATCH));
    NativeCache.prepare(nativeCache, scratch);
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(jvmOptions(spec, limits, work));
    line.addAll(archiveOptions);
    line.add("-Djava.io.tmpdir=" + scratch);
    line.add("-Dorg.bytedeco.javacpp.cachedir=" + nativeCache);
    line.add("-Dorg.bytedeco.javacpp.platform.extension=" + variant.extension());
    line.add(mainClass);
    ProcessBuilder builder = new ProcessBuilder(line).directory(work.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment(spec.threads(), scratch));
    // Not on the command line: ONNX Runtime 1.29 dies of command lines longer than 4 KiB.
    builder.environment().put("CLASSPATH", classPath);
    return builder;
  }

  private static List<String> jvmOptions(JobSpec spec, EngineLimits limits, Path work) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "-Xmx" + limits.heapBytes(),
                "-XX:MaxDirectMemorySize=" + limits.memoryBytes(),
                "-Dorg.bytedeco.javacpp.maxbytes=" + limits.memoryBytes(),
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=" + limits.memoryBytes(),
                "-XX:+UseSerialGC",
                // Standard output is for progress; the JVM would write its warnings there.
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-XX:ActiveProcessorCount=" + spec.threads(),
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + work.resolve(CRASH_FILE),
                // Nothing the engine reads is ever deserialised as Java objects.
                "-Djdk.serialFilter=!*",
                "-Djava.awt.headless=true",
                "-Dslf4j.internal.verbosity=ERROR"));
    if (spec.operation() != JobSpec.Operation.PRUNE) {
      // Short runs are mostly native code and start-up: the optimising compiler only costs time.
      options.add("-XX:TieredStopAtLevel=1");
    }
    return options;
  }

  /** All that the engine's process knows of this one's environment: nothing. */
  private static Map<String, String> environment(int threads, Path scratch) {
    return Map.ofEntries(
        entry("OMP_NUM_THREADS", Integer.toString(threads)),
        entry("OPENBLAS_NUM_THREADS", Integer.toString(threads)),
        entry("MALLOC_ARENA_MAX", "1"),
        entry("TMPDIR", scratch.toString()),
        // Otherwise ONNX Runtime starts a telemetry client and logs beside the job.
        entry("ORT_DISABLE_TELEMETRY", "1"),
        // Without a locale, the JVM could not open files whose names are not ASCII.
        entry("LC_ALL", "C.UTF-8"));
  }
}
