package dev.espalier.worker;

import static dev.espalier.worker.PagesClient.basic;
import static dev.espalier.worker.PagesClient.bearer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.local.WorkerProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who reaches the packaged worker's pages, by what is configured. */
class PagesAccessIT {
  @TempDir private static Path directory;
  private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.start(directory, 1);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void shouldServeThisMachineAloneWhenThereIsNoAuthentication() throws Exception {
    try (WorkerProcess open = stack.worker().awaitReady()) {
      assertThat(new PagesClient(open.pages()).get("/api/jobs", Map.of()).statusCode())
          .isEqualTo(200);
      // A name of somebody else's that points here is that site's origin, not ours.
      assertThat(raw(open.pages(), "elsewhere.example")).startsWith("HTTP/1.1 403");
      assertThat(raw(open.pages(), "localhost")).startsWith("HTTP/1.1 200");
      // Engines are on this machine too, and read strangers' models.
      String job = "/api/jobs/" + Stack.job("none");
      assertThat(new PagesClient(open.pages()).send("DELETE", job, Map.of()).statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void shouldTakeRolesFromTheProviderWhenOpenIdConnectIsConfigured() throws Exception {
    try (FakeProvider provider = FakeProvider.start();
        WorkerProcess worker =
            stack
                .worker(
                    "espalier.pages.auth", "oidc",
                    "espalier.pages.oidc.issuer", provider.issuer(),
                    "espalier.pages.oidc.client-secret-file",
                        secret("client", "client-secret-of-32-characters-0"))
                .awaitReady()) {
      PagesClient oidc = new PagesClient(worker.pages());
      String job = "/api/jobs/" + Stack.job("none");
      Map<String, String> viewer = bearer(provider.token("espalier-viewer"));
      Map<String, String> operator = bearer(provider.token("espalier-operator"));

      assertThat(oidc.get("/api/jobs", viewer).statusCode()).isEqualTo(200);
      assertThat(oidc.send("DELETE", job, viewer).statusCode()).isEqualTo(403);
      assertThat(oidc.send("DELETE", job, operator).statusCode()).isEqualTo(404);
      assertThat(oidc.get("/api/jobs", bearer(provider.token("others"))).statusCode())
          .isEqualTo(403);
      // Our own names of the roles mean nothing when the provider says them.
      assertThat(oidc.get("/api/jobs", bearer(provider.token("viewer"))).statusCode())
          .isEqualTo(403);
      assertThat(oidc.get("/api/jobs", bearer(provider.token("operator"))).statusCode())
          .isEqualTo(403);
      assertThat(
              oidc.send("DELETE", job, bearer(provider.token("espalier-viewer", "operator")))
                  .statusCode())
          .isEqualTo(403);
      assertThat(oidc.get("/api/jobs", bearer(provider.forged("espalier-operator"))).statusCode())
          .isEqualTo(401);
      assertThat(oidc.get("/api/jobs", basic("operator", "operator-token-0123456789")).statusCode())
          .isNotEqualTo(200);
      HttpResponse<String> signIn = oidc.get("/", Map.of("Accept", "text/html"));
      assertThat(signIn.statusCode()).isEqualTo(302);
      assertThat(signIn.headers().firstValue("Location").orElse(""))
          .startsWith(provider.issuer() + "/authorize?")
          .contains("client_id=espalier");
    }
  }

  @Test
  void shouldNotStartWhenPagesWouldBeOpenToEverybody() throws Exception {
    try (WorkerProcess open = stack.worker("espalier.pages.host", "0.0.0.0")) {
      assertThat(open.awaitExit(Duration.ofSeconds(90))).isTrue();
      assertThat(open.log()).contains("Configuration refused: espalier.pages.auth is none");
    }
  }

  @Test
  void shouldOpenNoPortWhenPagesAreOff() throws Exception {
    try (WorkerProcess off = stack.worker("espalier.pages.enabled", "false").awaitReady()) {
      assertThat(off.log()).doesNotContain("Listening on: http");
    }
  }

  @Test
  void shouldEndInTimeWhenAPageIsOpen() throws Exception {
    try (WorkerProcess worker = stack.worker().awaitReady();
        RawRequest watching = RawRequest.send(worker.pages(), "/api/events", Map.of())) {
      watching.awaitText("data:");

      assertThat(worker.terminate(Duration.ofSeconds(15))).isTrue();
      assertThat(worker.log()).doesNotContain("Timed out waiting for graceful shutdown");
    }
  }

  private static String secret(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content + "\n").toString();
  }

  private static String raw(String address, String host) throws IOException {
    URI uri = URI.create(address);
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      String request =
          "GET /api/jobs HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toString(UTF_8);
    }
  }
}
