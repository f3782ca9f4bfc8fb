package dev.espalier.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server in a JVM of its own, on this JVM's class path. When it serves, its main class prints the
 * address as one line on standard output; everything else goes to a log file.
 *
 * @param process the process
 * @param address what the server announced
 */
record ServerJvm(GuardedProcess process, String address) implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int LOG_TAIL = 2_000;

  /**
   * Starts the server and waits until it serves.
   *
   * @param main its main class
   * @param heap its heap limit, as {@code -Xmx} takes it
   * @param log where its log goes
   * @param environment variables added to this JVM's
   * @throws IOException when it ends or stays silent instead; the message holds the log's end
   */
  static ServerJvm start(
      Class<?> main, String heap, Path log, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Short-lived and small: the first compiler tier and the serial collector start fastest.
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    GuardedProcess process = GuardedProcess.start(builder);
    String address = announcement(process);
    if (address == null) {
      process.close();
      throw new IOException(main.getSimpleName() + " did not start:\n" + tail(log));
    }
    return new ServerJvm(process, address);
  }

  /** The class path of this JVM, which Surefire hides in the manifest of a jar. */
  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  @Override
  public void close() {
    process.close();
  }

  private static @Nullable String announcement(GuardedProcess process) {
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.process().getInputStream(), StandardCharsets.UTF_8));
    try {
      return CompletableFuture.supplyAsync(() -> firstLine(out))
          .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      return null;
    }
  }

  private static @Nullable String firstLine(BufferedReader out) {
    try {
      return out.readLine();
    } catch (IOException e) {
      return null;
    }
  }

  private static String tail(Path log) throws IOException {
    String text = Files.readString(log);
    return text.substring(Math.max(0, text.length() - LOG_TAIL));
  }
}
