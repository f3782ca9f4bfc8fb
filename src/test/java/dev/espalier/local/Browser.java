package dev.espalier.local;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * A headless Chromium with one tab, driven by its own protocol: it shows what the console says,
 * what is requested and what things look like.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">Chrome DevTools Protocol</a>
 */
public final class Browser implements AutoCloseable {
  /** A name of this machine that no browser takes for it: plain HTTP to it is plain. */
  public static final String HOST = "pages.test";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration ENDING = Duration.ofSeconds(10);
  private static final Set<String> BAD_LEVELS = Set.of("error", "warning");

  private final ObjectMapper json = new ObjectMapper();
  private final GuardedProcess process;
  private final DevTools devTools;
  private final String session;
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private Browser(GuardedProcess process, DevTools devTools) throws IOException {
    this.process = process;
    this.devTools = devTools;
    String target =
        devTools
            .call("", "Target.createTarget", Map.of("url", "about:blank"))
            .path("targetId")
            .asText();
    this.session =
        devTools
            .call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .path("sessionId")
            .asText();
    devTools.listen(this::noted);
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  /**
   * Starts it, with a profile of its own.
   *
   * @param executable Chromium's program
   */
  public static Browser start(Path executable, Path directory) throws IOException {
    Path profile = Files.createTempDirectory(directory, "chromium-");
    ProcessBuilder command =
        new ProcessBuilder(
            executable.toString(),
            "--headless=new",
            // Its sandbox wants a user other than root; it only sees pages of this test.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--host-resolver-rules=MAP " + HOST + " 127.0.0.1",
            "--hide-scrollbars",
            "--remote-debugging-port=0",
            "--user-data-dir=" + profile,
            "about:blank");
    Path log = profile.resolve("chromium.log");
    command.redirectErrorStream(true).redirectOutput(Redirect.to(log.toFile()));
    GuardedProcess process = GuardedProcess.start(command);
    Path port = profile.resolve("DevToolsActivePort");
    await("Chromium listens, see " + log)
        .atMost(PATIENCE)
        .failFast("Chromium ended, see " + log, () -> !process.isAlive())
        .until(() -> Files.exists(port) && Files.readAllLines(port).size() == 2);
    List<String> lines = Files.readAllLines(port);
    URI address = URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
    return new Browser(process, DevTools.connect(HttpClient.newHttpClient(), address));
  }

  /** Opens an address and waits until all of it is loaded. */
  public void open(String address) throws IOException {
    call("Runtime.evaluate", Map.of("expression", "window.leaving = true"));
    JsonNode answer = call("Page.navigate", Map.of("url", address));
    if (answer.has("errorText")) {
      throw new IOException(address + ": " + answer.path("errorText").asText());
    }
    await(address + " loaded")
        .atMost(PATIENCE)
        .until(
            () ->
                evaluate("document.readyState === 'complete' && !window.leaving").asBoolean(false));
  }

  /** The value of an expression; of a promise, what it comes to. */
  public JsonNode evaluate(String expression) throws IOException {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new IOException(expression + ": " + answer.path("exceptionDetails"));
    }
    return answer.path("result").path("value");
  }

  /** Runs a script as the tools of a developer do, whatever the page's policy. */
  public void inject(String script) throws IOException {
    call("Runtime.evaluate", Map.of("expression", script));
  }

  /** Shows pages as in a window, or on a phone, of this size in CSS pixels. */
  public void resize(int width, int height, boolean mobile) throws IOException {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", mobile));
  }

  /** Asks for dark pages, or for light ones. */
  public void prefer(String scheme) throws IOException {
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Keeps a picture of the whole page. */
  public void screenshot(Path to) throws IOException {
    JsonNode size = call("Page.getLayoutMetrics", Map.of()).path("cssContentSize");
    ObjectNode clip = json.createObjectNode().put("x", 0).put("y", 0).put("scale", 1);
    clip.put("width", size.path("width").asInt()).put("height", size.path("height").asInt());
    save(call("Page.captureScreenshot", Map.of("captureBeyondViewport", true, "clip", clip)), to);
  }

  /** Keeps the page as it would be printed. */
  public void print(Path to) throws IOException {
    save(call("Page.printToPDF", Map.of("printBackground", false, "preferCSSPageSize", true)), to);
  }

  private static void save(JsonNode answer, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.write(to, Base64.getDecoder().decode(answer.path("data").asText()));
  }

  /** Errors and warnings of the console, exceptions and blocked requests so far. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Hosts, with ports, that anything was requested from so far. */
  public Set<String> hosts() {
    return requests.stream()
        .map(URI::create)
        .filter(uri -> uri.getAuthority() != null)
        .map(uri -> uri.getHost() + ":" + uri.getPort())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void noted(JsonNode event) {
    JsonNode about = event.path("params");
    switch (event.path("method").asText()) {
      case "Network.requestWillBeSent" -> requests.add(about.at("/request/url").asText());
      case "Runtime.exceptionThrown" -> complaints.add(about.toString());
      case "Runtime.consoleAPICalled" -> {
        if (BAD_LEVELS.contains(about.path("type").asText())) {
          complaints.add(about.path("args").toString());
        }
      }
      case "Log.entryAdded" -> {
        if (BAD_LEVELS.contains(about.at("/entry/level").asText())) {
          complaints.add(about.path("entry").toString());
        }
      }
      default -> {}
    }
  }

  private JsonNode call(String method, Map<String, ?> parameters) throws IOException {
    return devTools.call(session, method, parameters);
  }

  @Override
  public void close() {
    devTools.close();
    try {
      // Told to end, it takes its files along.
      process.terminate(ENDING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.close();
  }
}
