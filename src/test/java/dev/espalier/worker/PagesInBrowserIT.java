package dev.espalier.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.local.Axe;
import dev.espalier.local.Browser;
import dev.espalier.local.WorkerProcess;
import dev.espalier.ops.Tool;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged worker's pages and a report in a real browser, with a token as browsers send it.
 * Pictures of all of them stay in {@code target/screenshots}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PagesInBrowserIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Path PICTURES = Path.of("target", "screenshots");
  private static final String TOKEN = "operator-token-0123456789";
  private static final int DESKTOP = 1280;
  private static final int PHONE = 390;

  @TempDir private static Path directory;
  private static Stack stack;
  private static WorkerProcess worker;
  private static Browser browser;
  private static String start;
  private static String host;

  @BeforeAll
  static void start() throws Exception {
    Path chromium = Tool.CHROMIUM.require();
    stack = Stack.start(directory, 3);
    worker =
        stack
            .worker(
                "espalier.pages.auth",
                "token",
                "espalier.pages.operator-token-file",
                Files.writeString(directory.resolve("token"), TOKEN).toString())
            .awaitReady();
    stack.publish("a1", "fashion-cnn", Events.good("fashion-cnn", "2026-11-21"));
    stack.publish("a2", "fashion-cnn", Events.destructive("fashion-cnn", "2026-11-22"));
    stack.publish("a3", "fashion-cnn", Events.useless("fashion-cnn", "2026-11-23"));
    stack.publish("a4", "fashion-cnn", Events.good("fashion-cnn", "2026-11-24"));
    stack.publish("b1", "ranking", Events.missing("ranking", "7"));
    stack.publish("b2", "ranking", Events.late("ranking", "8"));
    PagesClient pages = new PagesClient(worker.pages());
    await("six results")
        .atMost(PATIENCE)
        .until(
            () -> pages.json("/api/jobs", PagesClient.bearer(TOKEN)).path("finished").size() == 6);
    stack.publish("s1", "sentiment", Events.unending("sentiment", "12"));
    stack.publish("s2", "sentiment", Events.unending("sentiment", "13"));
    stack.publish("s3", "sentiment", Events.unending("sentiment", "14"));
    browser = Browser.start(chromium, directory);
    URI own = URI.create(worker.pages());
    host = Browser.HOST + ":" + own.getPort();
    start = "http://operator:" + TOKEN + "@" + host;
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (worker != null) {
      worker.close();
    }
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  @Order(1)
  void shouldMoveWithARunningJobWithoutBeingLoadedAgain() throws Exception {
    String job = Stack.job("s1").value();
    browser.resize(DESKTOP, 900, false);
    browser.open(start + "/");
    browser.evaluate("window.sameDocument = true");
    Set<Double> seen = new TreeSet<>();
    await("progress moves")
        .atMost(PATIENCE)
        .until(
            () -> {
              seen.add(
                  browser
                      .evaluate("document.getElementById('progress-" + job + "')?.value ?? -1")
                      .asDouble());
              seen.remove(-1.0);
              return seen.size() >= 3;
            });
    assertThat(browser.evaluate("window.sameDocument === true").asBoolean()).isTrue();
    keep("jobs");
    cancel("s1");

    browser.open(start + "/jobs/" + Stack.job("s2"));
    browser.evaluate("window.sameDocument = true");
    await("the curve grows while it runs")
        .atMost(PATIENCE)
        .until(
            () ->
                browser
                    .evaluate(
                        "document.querySelectorAll('#curve circle').length >= 2"
                            + " && document.querySelector('#state .verdict.running') !== null")
                    .asBoolean());
    assertThat(browser.evaluate("window.sameDocument === true").asBoolean()).isTrue();
    keep("job-running");
    cancel("s2");
  }

  @Test
  @Order(2)
  void shouldAskBeforeItCancelsAndShowTheEnd() throws Exception {
    browser.open(start + "/jobs/" + Stack.job("s3"));
    browser.evaluate("window.confirm = question => { window.asked = question; return false; }");
    String press = "document.querySelector('#cancel button').click()";
    browser.evaluate(press);
    assertThat(browser.evaluate("window.asked").asText()).startsWith("Cancel this job?");
    browser.evaluate("window.confirm = question => true");
    browser.evaluate(press);
    await("its end was asked for")
        .atMost(PATIENCE)
        .until(
            () ->
                browser
                    .evaluate("document.querySelector('#state')?.textContent ?? ''")
                    .asText()
                    .contains("cancelled"));
    keep("job-cancelled");
  }

  @Test
  @Order(3)
  void shouldShowResultsAndModels() throws Exception {
    String pruned = Stack.job("a1").value();
    for (String[] page :
        new String[][] {
          {"/jobs/" + pruned, "job-pruned"},
          {"/jobs/" + Stack.job("a2"), "job-rejected"},
          {"/jobs/" + Stack.job("b1"), "job-refused"},
          {"/models/fashion-cnn", "model"},
          {"/models/nothing", "not-found"}
        }) {
      browser.open(start + page[0]);
      keep(page[1]);
    }
  }

  @Test
  @Order(4)
  void shouldShowReportsThatRunNothing() throws Exception {
    for (String id : new String[] {"a1", "a2"}) {
      browser.open(start + "/jobs/" + Stack.job(id) + "/report");
      assertThat(browser.evaluate("document.querySelector('h1').textContent").asText())
          .isEqualTo("Pruning report");
      look("report-" + id, shown -> {});
      // As it is served, not even the scripts that look for barriers run in it: the file itself.
      Path file = directory.resolve("report-" + id + ".html");
      Files.copy(stack.output("artifacts/" + Stack.job(id) + "/1/report.html"), file);
      browser.open(file.toUri().toString());
      keep("report-" + id);
    }
  }

  @Test
  @Order(5)
  void shouldHaveComplainedOfNothingAndAskedNobodyElse() throws Exception {
    // A page that is not there is the one complaint that was asked for.
    assertThat(browser.complaints())
        .filteredOn(complaint -> !complaint.contains("/models/nothing"))
        // Plain HTTP, as here, has no need of it; TLS has.
        .filteredOn(complaint -> !complaint.contains("Cross-Origin-Opener-Policy"))
        .isEmpty();
    assertThat(browser.hosts()).containsExactly(host);
  }

  /** Makes room for the next one of its partition. */
  private static void cancel(String id) throws Exception {
    PagesClient pages = new PagesClient(worker.pages());
    String job = "/api/jobs/" + Stack.job(id);
    assertThat(pages.send("DELETE", job, PagesClient.bearer(TOKEN)).statusCode()).isEqualTo(202);
  }

  /** Looks at the page in every way, and asks whether everybody can use it. */
  private static void keep(String name) throws IOException {
    look(name, shown -> assertThat(Axe.violations(shown)).as(name).isEmpty());
  }

  private static void look(String name, Check check) throws IOException {
    for (String scheme : new String[] {"light", "dark"}) {
      browser.prefer(scheme);
      browser.resize(DESKTOP, 900, false);
      browser.screenshot(PICTURES.resolve(name + "-desktop-" + scheme + ".png"));
      check.of(browser);
      browser.resize(PHONE, 844, true);
      browser.screenshot(PICTURES.resolve(name + "-phone-" + scheme + ".png"));
      check.of(browser);
      assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
          .as(name + " fits a phone")
          .isLessThanOrEqualTo(PHONE);
    }
    browser.prefer("light");
    browser.print(PICTURES.resolve(name + ".pdf"));
    browser.resize(DESKTOP, 900, false);
  }

  /** What is asked of a page in each of its looks. */
  private interface Check {
    void of(Browser browser) throws IOException;
  }
}
