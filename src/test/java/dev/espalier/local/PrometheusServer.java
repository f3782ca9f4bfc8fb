package dev.espalier.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real Prometheus that scrapes one worker every second and evaluates our rules as often. */
public final class PrometheusServer implements AutoCloseable {
  private static final Pattern ADDRESS =
      Pattern.compile("Listening on\" address=(127\\.0\\.0\\.1:\\d+)");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final GuardedProcess process;
  private final Path log;
  private final Instant started = Instant.now();

  private PrometheusServer(GuardedProcess process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts on a free port of loopback.
   *
   * @param executable the server's program
   * @param target {@code host:port} of the worker's management interface
   * @param rules file of rules
   */
  public static PrometheusServer start(Path executable, Path directory, String target, Path rules)
      throws IOException {
    Path configuration = directory.resolve("prometheus.yml");
    Files.writeString(
        configuration,
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: ["%s"]
        scrape_configs:
          - job_name: espalier
            metrics_path: /q/metrics
            static_configs:
              - {targets: ["%s"], labels: {namespace: test, pod: worker}}
        """
            .formatted(rules.toAbsolutePath(), target));
    Path log = directory.resolve("prometheus.log");
    ProcessBuilder command =
        new ProcessBuilder(
            executable.toString(),
            "--config.file=" + configuration,
            "--storage.tsdb.path=" + directory.resolve("prometheus"),
            "--enable-feature=exemplar-storage",
            "--web.listen-address=127.0.0.1:0");
    command.redirectErrorStream(true).redirectOutput(Redirect.to(log.toFile()));
    PrometheusServer server = new PrometheusServer(GuardedProcess.start(command), log);
    await("Prometheus scrapes, see " + log)
        .atMost(PATIENCE)
        .failFast("Prometheus ended, see " + log, () -> !server.process.isAlive())
        .until(() -> !server.everSince("espalier_build_info").isEmpty());
    return server;
  }

  /** The series that an expression has given at any second since the start. */
  public JsonNode everSince(String expression) throws IOException, InterruptedException {
    Matcher address = ADDRESS.matcher(Files.readString(log));
    if (!address.find()) {
      return json.createArrayNode();
    }
    return query(
        "query_range?step=1&start=%s&end=%s&query=%s"
            .formatted(
                started.getEpochSecond(),
                Instant.now().getEpochSecond(),
                URLEncoder.encode(expression, UTF_8)));
  }

  /** The exemplars of the series that an expression reads, since the start. */
  public JsonNode exemplars(String expression) throws IOException, InterruptedException {
    return query(
        "query_exemplars?start=%s&end=%s&query=%s"
            .formatted(
                started.getEpochSecond(),
                Instant.now().getEpochSecond(),
                URLEncoder.encode(expression, UTF_8)));
  }

  /** The groups of rules, with the health of each rule. */
  public JsonNode rules() throws IOException, InterruptedException {
    return query("rules");
  }

  private JsonNode query(String path) throws IOException, InterruptedException {
    Matcher address = ADDRESS.matcher(Files.readString(log));
    if (!address.find()) {
      throw new IOException("no address in " + log);
    }
    URI uri = URI.create("http://" + address.group(1) + "/api/v1/" + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() == HttpURLConnection.HTTP_UNAVAILABLE) {
      // It listens before it has read what it stored: nothing is known yet.
      return json.createArrayNode();
    }
    JsonNode answer = json.readTree(response.body());
    if (!answer.path("status").asText().equals("success")) {
      throw new IOException(path + ": " + answer);
    }
    JsonNode data = answer.path("data");
    if (data.isArray()) {
      return data;
    }
    return data.has("result") ? data.path("result") : data.path("groups");
  }

  @Override
  public void close() {
    process.close();
  }
}
