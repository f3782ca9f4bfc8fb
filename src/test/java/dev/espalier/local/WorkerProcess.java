package dev.espalier.local;

import static org.awaitility.Awaitility.await;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged worker, as its own process: what a user runs, not what a test assembles. */
public final class WorkerProcess implements AutoCloseable {
  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
  // Quarkus is told to take free ports and announces what it took.
  private static final Pattern MANAGEMENT =
      Pattern.compile("Management interface listening on https?://[^\\s:]+:(\\d+)");
  private static final Pattern PAGES = Pattern.compile("\\bListening on: (https?://[^\\s:]+:\\d+)");
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final GuardedProcess process;
  private final Path log;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER).build();

  private WorkerProcess(GuardedProcess process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** What a worker of this broker and store must be told; add to it or change it freely. */
  public static Map<String, String> configuration(EmbeddedBroker broker, EmbeddedStore store) {
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("espalier.deployment", "local");
    configuration.put("espalier.kafka.bootstrap-servers", broker.bootstrapServers());
    configuration.put("espalier.store.endpoint", store.endpoint());
    configuration.put("espalier.store.region", "us-east-1");
    configuration.put("espalier.store.access-key", store.accessKey());
    configuration.put("espalier.store.secret-key", store.secretKey());
    configuration.put("espalier.store.output-bucket", "espalier");
    configuration.put("espalier.store.allowed-buckets", "models,datasets");
    return configuration;
  }

  /**
   * Starts a worker; {@link #awaitReady} waits until it works.
   *
   * @param directory where its work directory, its configuration and its log go
   * @param configuration configuration keys and values
   * @throws FileNotFoundException when the worker has not been packaged
   */
  public static WorkerProcess start(Path directory, Map<String, String> configuration)
      throws IOException {
    return start(directory, configuration, Map.of());
  }

  /** The same with some environment variables more. */
  public static WorkerProcess start(
      Path directory, Map<String, String> configuration, Map<String, String> environment)
      throws IOException {
    if (!Files.exists(JAR)) {
      throw new FileNotFoundException(JAR + ": package the worker first");
    }
    Path home = Files.createTempDirectory(Files.createDirectories(directory), "worker-");
    Properties properties = new Properties();
    properties.setProperty("espalier.pages.port", "0");
    properties.setProperty("quarkus.management.port", "0");
    properties.setProperty("quarkus.management.host", "127.0.0.1");
    properties.setProperty("espalier.work-directory", home.resolve("work").toString());
    properties.putAll(configuration);
    // A file and not arguments: it holds the secret key, and arguments are in the process list.
    Path file = home.resolve("application.properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
    Path log = home.resolve("worker.log");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx384m",
            "-Djdk.serialFilter=!*",
            "-Dquarkus.config.locations=" + file.toUri(),
            "-jar",
            JAR.toAbsolutePath().toString(),
            "serve");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(Redirect.to(log.toFile()));
    return new WorkerProcess(GuardedProcess.start(builder), log);
  }

  /** Waits until the worker reports ready: started, broker and store reachable. */
  public WorkerProcess awaitReady() {
    await("worker ready, see " + log)
        .atMost(START)
        .pollInterval(Duration.ofMillis(100))
        .failFast("the worker ended, see " + log, () -> !process.isAlive())
        .until(this::isReady);
    return this;
  }

  /** Whether the worker reports ready now. */
  public boolean isReady() throws IOException, InterruptedException {
    return managementPort().isPresent() && health("ready").statusCode() == 200;
  }

  /**
   * One of the health checks.
   *
   * @param check {@code live}, {@code ready} or {@code started}
   */
  public HttpResponse<String> health(String check) throws IOException, InterruptedException {
    return get("/q/health/" + check);
  }

  /** All metrics, in Prometheus text format. */
  public String metrics() throws IOException, InterruptedException {
    return get("/q/metrics").body();
  }

  /** The same as a Prometheus asks for it, which gets exemplars with them. */
  public String openMetrics() throws IOException, InterruptedException {
    return get(
            "/q/metrics",
            "Accept",
            "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
        .body();
  }

  /** {@code host:port} of health and metrics. */
  public String managementAddress() throws IOException {
    return "127.0.0.1:" + managementPort().orElseThrow(() -> new IOException("not started yet"));
  }

  /** Where the pages are, without a slash at the end. */
  public String pages() throws IOException {
    Matcher announced = PAGES.matcher(log());
    if (!announced.find()) {
      throw new IOException("no pages announced in " + log);
    }
    return announced.group(1);
  }

  /** Everything the worker and its engines have logged so far. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  /** The file behind {@link #log()}. */
  public Path logFile() {
    return log;
  }

  /** Whether the worker ends within {@code patience}. */
  public boolean awaitExit(Duration patience) throws InterruptedException {
    return process
        .process()
        .waitFor(patience.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** Freezes the worker alone; its engines go on. */
  public void pause() throws IOException, InterruptedException {
    process.pause();
  }

  /** Wakes a paused worker. */
  public void resume() throws IOException, InterruptedException {
    process.resume();
  }

  /** Kills the worker (SIGKILL) and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.kill();
  }

  /**
   * Asks the worker to end (SIGTERM).
   *
   * @return whether it ended within {@code patience}
   */
  public boolean terminate(Duration patience) throws InterruptedException {
    return process.terminate(patience);
  }

  @Override
  public void close() {
    process.close();
  }

  private Optional<String> managementPort() throws IOException {
    Matcher announced = MANAGEMENT.matcher(log());
    return announced.find() ? Optional.of(announced.group(1)) : Optional.empty();
  }

  private HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + managementAddress() + path)).timeout(ANSWER);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
