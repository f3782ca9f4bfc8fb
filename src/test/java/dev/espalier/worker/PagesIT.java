package dev.espalier.worker;

import static dev.espalier.worker.PagesClient.basic;
import static dev.espalier.worker.PagesClient.bearer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.local.WorkerProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged worker's pages and JSON, as programs use them: who may, and what they say. */
class PagesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final String VIEWER = "viewer-token-0123456789";
  private static final String OPERATOR = "operator-token-0123456789";
  private static final String MARKUP = "<img src=x onerror=alert(1)>";

  @TempDir private static Path directory;
  private static Stack stack;
  private static WorkerProcess worker;
  private static PagesClient pages;

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.start(directory, 2);
    worker =
        stack
            .worker(
                "espalier.pages.auth", "token",
                "espalier.pages.viewer-token-file", secret("viewer", VIEWER),
                "espalier.pages.operator-token-file", secret("operator", OPERATOR))
            .awaitReady();
    pages = new PagesClient(worker.pages());
    stack.publish("good", "cnn", Events.good("cnn", "1"));
    stack.publish("gate", "cnn", Events.destructive("cnn", "2"));
    await("two results").atMost(PATIENCE).until(() -> finished("cnn").size() == 2);
  }

  @AfterAll
  static void stop() {
    if (worker != null) {
      worker.close();
    }
    stack.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/api/jobs", "/api/events", "/jobs/x", "/models/x", "/espalier.css", "/no"})
  void shouldAskForTheTokenWhenNoneOrAnotherIsGiven(String path) throws Exception {
    HttpResponse<String> without = pages.get(path, Map.of());

    assertThat(without.statusCode()).isEqualTo(401);
    assertThat(without.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic ");
    assertThat(without.body()).doesNotContain("cnn");
    for (Map<String, String> wrong :
        List.of(
            bearer("another-token-0123456789"),
            bearer(""),
            basic("operator", VIEWER.substring(1)),
            Map.of("Authorization", "Basic ***"),
            Map.of("Authorization", OPERATOR))) {
      assertThat(pages.get(path, wrong).statusCode()).as("%s", wrong).isEqualTo(401);
    }
  }

  @Test
  void shouldLetViewersLookAndOnlyOperatorsCancel() throws Exception {
    String job = "/api/jobs/" + Stack.job("good");

    assertThat(pages.get("/", bearer(VIEWER)).statusCode()).isEqualTo(200);
    assertThat(pages.get("/", basic("anyone", OPERATOR)).statusCode()).isEqualTo(200);
    assertThat(pages.send("DELETE", job, bearer(VIEWER)).statusCode()).isEqualTo(403);
    assertThat(pages.send("DELETE", job, Map.of()).statusCode()).isEqualTo(401);
    assertThat(
            pages
                .send("POST", "/jobs/" + Stack.job("good") + "/cancel", bearer(VIEWER))
                .statusCode())
        .isEqualTo(403);
    assertThat(pages.send("DELETE", job, bearer(OPERATOR)).statusCode()).isEqualTo(409);
    assertThat(
            pages.send("DELETE", "/api/jobs/" + Stack.job("none"), bearer(OPERATOR)).statusCode())
        .isEqualTo(404);
    assertThat(pages.send("DELETE", "/api/jobs/x", bearer(OPERATOR)).statusCode()).isEqualTo(404);
  }

  @Test
  void shouldRefuseWhatAnotherSitesPageSends() throws Exception {
    String cancel = "/jobs/" + Stack.job("none") + "/cancel";

    for (Map<String, String> foreign :
        List.of(
            Map.of("Sec-Fetch-Site", "cross-site"),
            Map.of("Sec-Fetch-Site", "same-site"),
            Map.of("Origin", "http://elsewhere.example"),
            Map.of("Origin", "null"))) {
      Map<String, String> headers = new java.util.HashMap<>(basic("x", OPERATOR));
      headers.putAll(foreign);
      assertThat(pages.send("POST", cancel, headers).statusCode()).as("%s", foreign).isEqualTo(403);
      assertThat(pages.send("DELETE", "/api/jobs/x", headers).statusCode()).isEqualTo(403);
    }
    Map<String, String> own = new java.util.HashMap<>(basic("x", OPERATOR));
    own.put("Origin", worker.pages());
    assertThat(pages.send("POST", cancel, own).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/jobs", "/jobs/x", "/models/cnn", "/espalier.js", "/no"})
  void shouldForbidEverythingButItsOwnScriptsAndStyles(String path) throws Exception {
    for (Map<String, String> headers : List.of(Map.<String, String>of(), bearer(VIEWER))) {
      HttpResponse<String> answer = pages.get(path, headers);

      assertThat(answer.headers().allValues("Content-Security-Policy"))
          .singleElement()
          .asString()
          .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.headers().firstValue("Referrer-Policy")).contains("same-origin");
    }
  }

  @Test
  void shouldServeTheReportAsADocumentThatRunsNothing() throws Exception {
    HttpResponse<String> report =
        pages.get("/jobs/" + Stack.job("good") + "/report", bearer(VIEWER));

    assertThat(report.statusCode()).isEqualTo(200);
    assertThat(report.body()).contains("Pruning report", "pruned");
    assertThat(report.headers().allValues("Content-Security-Policy"))
        .singleElement()
        .asString()
        .startsWith("sandbox; default-src 'none'")
        .doesNotContain("script-src", "allow-");
    assertThat(pages.get("/jobs/" + Stack.job("none") + "/report", bearer(VIEWER)).statusCode())
        .isEqualTo(404);
  }

  @Test
  void shouldCancelARunningJobAndSayWhatBecameOfIt() throws Exception {
    stack.publish("slow", "slow", Events.unending("slow", "1"));
    String job = "/api/jobs/" + Stack.job("slow");
    await("it runs")
        .atMost(PATIENCE)
        .until(
            () -> {
              HttpResponse<String> answer = pages.get(job, bearer(VIEWER));
              return answer.body().contains("\"state\":\"running\"")
                  && answer.body().contains("\"step\":");
            });
    assertThat(pages.json("/api/jobs?model=slow", bearer(VIEWER)).path("running"))
        .singleElement()
        .satisfies(
            running -> {
              assertThat(running.path("id").asText()).isEqualTo(Stack.job("slow").value());
              assertThat(running.path("fraction").asDouble()).isBetween(0.0, 1.0);
              assertThat(running.path("attempt").asInt()).isOne();
            });
    ApiSchema.assertValid("Jobs", pages.json("/api/jobs", bearer(VIEWER)));
    ApiSchema.assertValid("Job", pages.json(job, bearer(VIEWER)));

    assertThat(pages.send("DELETE", job, bearer(OPERATOR)).statusCode()).isEqualTo(202);

    await("it has its result").atMost(PATIENCE).until(() -> finished("slow").size() == 1);
    JsonNode finished = pages.json(job, bearer(VIEWER));
    ApiSchema.assertValid("Job", finished);
    assertThat(finished.path("state").asText()).isEqualTo("finished");
    assertThat(finished.at("/result/result/verdict").asText()).isEqualTo("failed");
    assertThat(finished.at("/result/result/reason/code").asText()).isEqualTo("cancelled");
    assertThat(finished.at("/result/result/reason/message").asText()).contains("operator");
    assertThat(pages.send("DELETE", job, bearer(OPERATOR)).statusCode()).isEqualTo(409);
  }

  @Test
  void shouldEscapeWhatStrangersWrote() throws Exception {
    String example =
        Files.readString(Path.of("schemas", "examples", "model-result-refused.json"))
            .replaceAll("\"message\": \"[^\"]*\"", "\"message\": \"" + MARKUP + "\"");
    ProducerRecord<byte[], byte[]> hostile =
        new ProducerRecord<>("model-not-pruned", MARKUP.getBytes(UTF_8), example.getBytes(UTF_8));
    hostile.headers().add("ce_subject", ("models/" + MARKUP + ":" + MARKUP).getBytes(UTF_8));
    stack.publish(hostile);
    stack.publish(
        new ProducerRecord<>("model-not-pruned", "x".getBytes(UTF_8), "no json".getBytes(UTF_8)));
    await("it is shown").atMost(PATIENCE).until(() -> finished(MARKUP).size() == 1);

    String model = "/models/%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E";
    for (String path : List.of("/", model)) {
      HttpResponse<String> page = pages.get(path, bearer(VIEWER));
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).contains("&lt;img src=x").doesNotContain("<img src=x");
    }
    HttpResponse<String> unknown =
        pages.get("/models/" + MARKUP.substring(1, 4) + "%3Cb%3E", bearer(VIEWER));
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).doesNotContain("<b>");
  }

  @Test
  void shouldTellWatchersAtOnceWhatThereIs() throws Exception {
    try (RawRequest watching = RawRequest.send(worker.pages(), "/api/events", bearer(VIEWER))) {
      watching.awaitText("data:");
      assertThat(watching.awaitText("\"finished\":[{"))
          .startsWith("HTTP/1.1 200")
          .contains("text/event-stream");
    }
  }

  @Test
  void shouldHoldFewReportsForReadersThatTakeNone() throws Exception {
    String report = "/jobs/" + Stack.job("gate") + "/report";
    byte[] large = new byte[7 << 20];
    Arrays.fill(large, (byte) ' ');
    stack.upload("espalier", "artifacts/" + Stack.job("gate") + "/1/report.html", large);

    try (RawRequest first = RawRequest.send(worker.pages(), report, bearer(VIEWER));
        RawRequest second = RawRequest.send(worker.pages(), report, bearer(VIEWER))) {
      assertThat(first.awaitText("\r\n")).startsWith("HTTP/1.1 200");
      assertThat(second.awaitText("\r\n")).startsWith("HTTP/1.1 200");
      HttpResponse<String> third = pages.get(report, bearer(VIEWER));
      assertThat(third.statusCode()).isEqualTo(503);
      assertThat(third.headers().firstValue("Retry-After")).isPresent();
      // Pages are not reports.
      assertThat(pages.get("/", bearer(VIEWER)).statusCode()).isEqualTo(200);
    }
    for (int i = 0; i < 3; i++) {
      await("readers that left are forgotten")
          .atMost(PATIENCE)
          .until(() -> pages.get(report, bearer(VIEWER)).body().length() == large.length);
    }
  }

  @Test
  void shouldBeNewInABrowserWhenTheWorkerIs() throws Exception {
    assertThat(
            pages
                .get("/espalier.js", bearer(VIEWER))
                .headers()
                .firstValue("Cache-Control")
                .orElse(""))
        .doesNotContain("immutable", "max-age");
  }

  private static JsonNode finished(String model) throws IOException, InterruptedException {
    String name = java.net.URLEncoder.encode(model, UTF_8);
    return pages.json("/api/jobs?model=" + name, bearer(VIEWER)).path("finished");
  }

  private static String secret(String name, String token) throws IOException {
    return Files.writeString(directory.resolve(name), token + "\n").toString();
  }
}
