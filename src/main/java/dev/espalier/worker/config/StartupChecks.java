package dev.espalier.worker.config;

import io.quarkus.runtime.configuration.MemorySize;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Bounds and combinations that the types of {@link WorkerConfig} cannot express. */
@Singleton
public class StartupChecks {
  private static final String BUCKET = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]";

  /** A bucket, or a bucket and segments of a key. */
  private static final String ALLOWED_ADDRESS =
      BUCKET + "(/(?!\\.{1,2}(/|$))[A-Za-z0-9!_.*'()=+:@~-]+)*/?";

  private static final String LOOPBACK = "localhost|127(\\.\\d{1,3}){3}|::1|\\[::1]";
  private static final int SHORTEST_TOKEN = 16;

  private final WorkerConfig config;

  StartupChecks(WorkerConfig config) {
    this.config = config;
  }

  /**
   * Every violation, each starting with the property it is about; empty when the worker may start.
   */
  public List<String> violations() {
    Violations found = new Violations();
    found.matching("espalier.deployment", config.deployment(), "[a-z0-9][a-z0-9-]{0,62}");
    kafka(found);
    store(found);
    found.atLeast("espalier.limits.model-bytes", config.limits().modelBytes(), 1 << 10);
    found.atLeast("espalier.limits.data-bytes", config.limits().dataBytes(), 1 << 10);
    found.atLeast("espalier.limits.scratch-bytes", config.limits().scratchBytes(), 1 << 20);
    engine(found);
    found.between("espalier.attempts.max", config.attempts().max(), 1, 100);
    found.between(
        "espalier.attempts.max-without-progress", config.attempts().maxWithoutProgress(), 1, 1000);
    pages(found);
    return found.messages;
  }

  private void pages(Violations found) {
    WorkerConfig.Pages pages = config.pages();
    found.between("espalier.pages.port", pages.port(), 0, 65_535);
    found.between("espalier.pages.history", pages.history(), 10, 10_000);
    if (pages.enabled()
        && pages.auth() == PagesAuthentication.NONE
        && !pages.host().matches(LOOPBACK)) {
      found.add(
          "espalier.pages.auth",
          "is none but espalier.pages.host is '"
              + pages.host()
              + "': set it to token or oidc, or bind the pages to 127.0.0.1");
    }
    if (pages.auth() == PagesAuthentication.TOKEN && pages.operatorTokenFile().isEmpty()) {
      found.add("espalier.pages.operator-token-file", "must be set when espalier.pages.auth=token");
    }
    found.token("espalier.pages.operator-token-file", pages.operatorTokenFile());
    found.token("espalier.pages.viewer-token-file", pages.viewerTokenFile());
    if (pages.auth() == PagesAuthentication.OIDC) {
      URI issuer = pages.oidc().issuer().orElse(URI.create(""));
      boolean web = "http".equals(issuer.getScheme()) || "https".equals(issuer.getScheme());
      if (!web || issuer.getHost() == null) {
        found.add(
            "espalier.pages.oidc.issuer", "must be http(s)://… when espalier.pages.auth=oidc");
      }
      found.isReadable("espalier.pages.oidc.client-secret-file", pages.oidc().clientSecretFile());
    }
  }

  private void kafka(Violations found) {
    found.matching(
        "espalier.kafka.bootstrap-servers", config.kafka().bootstrapServers(), "[^\\s:]\\S*:\\d+");
    String topic = "[A-Za-z0-9._-]{1,249}";
    found.matching("espalier.topics.model-trained", config.topics().modelTrained(), topic);
    found.matching("espalier.topics.model-pruned", config.topics().modelPruned(), topic);
    found.matching("espalier.topics.model-not-pruned", config.topics().modelNotPruned(), topic);
    found.matching("espalier.topics.dead-letters", config.topics().deadLetters(), topic);
  }

  private void store(Violations found) {
    WorkerConfig.Store store = config.store();
    URI endpoint = store.endpoint();
    boolean web = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
    if (!web || endpoint.getHost() == null || endpoint.getUserInfo() != null) {
      found.add(
          "espalier.store.endpoint", "must be http(s)://host[:port] without user information");
    }
    found.matching("espalier.store.output-bucket", store.outputBucket(), BUCKET);
    store
        .allowedBuckets()
        .forEach(b -> found.matching("espalier.store.allowed-buckets", b, ALLOWED_ADDRESS));
    store
        .outputPrefix()
        .ifPresent(
            p ->
                found.matching(
                    "espalier.store.output-prefix", p, "[A-Za-z0-9_-][A-Za-z0-9._/-]{0,200}"));
    found.secret("espalier.store.access-key", store.accessKey(), store.accessKeyFile());
    boolean known =
        found
            .secret("espalier.store.secret-key", store.secretKey(), store.secretKeyFile())
            .filter(KnownCredentials::holds)
            .isPresent();
    if (known && !config.demo()) {
      found.add(
          "espalier.store.secret-key",
          "is one that others know, of a demo or a server's default: make one of your own, or set"
              + " espalier.demo=true where nothing is worth protecting");
    }
  }

  private void engine(Violations found) {
    WorkerConfig.Engine engine = config.engine();
    found.between("espalier.engine.slots", engine.slots(), 1, 64);
    found.between("espalier.engine.threads", engine.threads(), 1, 256);
    found.atLeast("espalier.engine.heap", engine.heap(), 64L << 20);
    found.atLeast("espalier.engine.memory", engine.memory(), engine.heap().asLongValue());
    found.between(
        "espalier.engine.stall-timeout",
        engine.stallTimeout(),
        Duration.ofSeconds(5),
        Duration.ofHours(1));
    found.between(
        "espalier.engine.max-duration",
        engine.maxDuration(),
        Duration.ofSeconds(10),
        Duration.ofDays(7));
  }

  /** Collects messages; values of secrets never enter one. */
  private static final class Violations {
    private final List<String> messages = new ArrayList<>();

    void add(String property, String rule) {
      messages.add(property + " " + rule);
    }

    void matching(String property, String value, String pattern) {
      if (!value.matches(pattern)) {
        add(property, "is '" + value + "' but must match " + pattern);
      }
    }

    <T extends Comparable<T>> void between(String property, T value, T low, T high) {
      if (value.compareTo(low) < 0 || value.compareTo(high) > 0) {
        add(property, "is " + value + " but must be from " + low + " to " + high);
      }
    }

    void atLeast(String property, MemorySize value, long bytes) {
      if (value.asLongValue() < bytes) {
        add(property, "is " + value.asLongValue() + " bytes but must be at least " + bytes);
      }
    }

    /** The secret, when there is one that can be read. */
    Optional<String> secret(String property, Optional<String> value, Optional<Path> file) {
      if (value.isPresent() == file.isPresent()) {
        add(property, "or " + property + "-file must be set, and only one of them");
        return Optional.empty();
      }
      if (!isReadable(property + "-file", file)) {
        return Optional.empty();
      }
      String secret = Secrets.resolve(value, file);
      if (secret.isEmpty()) {
        add(property, "is empty");
      }
      return Optional.of(secret);
    }

    boolean isReadable(String property, Optional<Path> file) {
      boolean readable = file.isEmpty() || Files.isReadable(file.get());
      if (!readable) {
        add(property, "names a file that cannot be read: " + file.get());
      }
      return readable;
    }

    void token(String property, Optional<Path> file) {
      if (isReadable(property, file)
          && file.isPresent()
          && Secrets.resolve(Optional.empty(), file).length() < SHORTEST_TOKEN) {
        add(property, "holds a token of fewer than " + SHORTEST_TOKEN + " characters");
      }
    }
  }
}
