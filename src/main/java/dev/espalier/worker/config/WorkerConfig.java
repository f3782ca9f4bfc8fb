package dev.espalier.worker.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that can be set about the worker. Bounds are checked once, by {@link StartupChecks},
 * which names the property that is out of them; a property below {@code espalier.} that is not
 * listed here stops the start.
 */
@ConfigMapping(prefix = "espalier")
public interface WorkerConfig {
  /**
   * Name of this deployment: source of its events and prefix of its transactional ids. All workers
   * of one consumer group share it. 1 to 63 of {@code a-z0-9-}.
   */
  @WithDefault("espalier")
  String deployment();

  /**
   * Whether credentials that others may know are taken: those of the demo, and servers' defaults.
   */
  @WithDefault("false")
  boolean demo();

  /** Kafka. */
  Kafka kafka();

  /** Topic names. */
  Topics topics();

  /** The object store. */
  Store store();

  /** Largest inputs taken. */
  Limits limits();

  /** The engine processes. */
  Engine engine();

  /** Pruning policies. */
  Policies policies();

  /** How often a job is tried. */
  Attempts attempts();

  /** The pages. */
  Pages pages();

  /**
   * Scratch space of this worker alone, with room for model and data of every slot. What a killed
   * worker left in it is deleted at start.
   */
  @WithDefault("${java.io.tmpdir}/espalier")
  Path workDirectory();

  /** Where the process halts, to prove that nothing is lost there. Only for tests. */
  Optional<FaultPoint> faultPoint();

  /** Kafka. */
  interface Kafka {
    /** Brokers to start from, {@code host:port,…}. */
    String bootstrapServers();

    /** Consumer group of the workers of one deployment. */
    @WithDefault("espalier")
    String groupId();

    /**
     * Further client properties, for example {@code security.protocol}. What exactly-once delivery
     * rests on (isolation, idempotence, acknowledgements, commits, assignor) cannot be changed.
     */
    Map<String, String> properties();
  }

  /** Topic names. */
  interface Topics {
    /** Where training announces models. */
    @WithDefault("model-trained")
    String modelTrained();

    /** Accepted results. */
    @WithDefault("model-pruned")
    String modelPruned();

    /** All other results. */
    @WithDefault("model-not-pruned")
    String modelNotPruned();

    /** Records that cannot be understood. */
    @WithDefault("model-trained-dlq")
    String deadLetters();
  }

  /** The object store. */
  interface Store {
    /** Address of an S3-compatible server, {@code http(s)://host[:port]}. */
    URI endpoint();

    /** Region that requests are signed for. */
    @WithDefault("us-east-1")
    String region();

    /** Access key; or {@link #accessKeyFile()}. */
    Optional<String> accessKey();

    /** File that holds the access key. */
    Optional<Path> accessKeyFile();

    /** Secret key; or {@link #secretKeyFile()}. */
    Optional<String> secretKey();

    /** File that holds the secret key. */
    Optional<Path> secretKeyFile();

    /** Bucket that records and artifacts are written to. */
    String outputBucket();

    /**
     * Prefix of every key written; empty, or segments of {@code A-Za-z0-9._-} joined by slashes.
     */
    Optional<String> outputPrefix();

    /** Objects that events may name: {@code bucket}, or {@code bucket/prefix} for those below. */
    List<String> allowedBuckets();
  }

  /** Largest inputs taken; more is refused before the download. */
  interface Limits {
    /** Model file; at least 1 KiB. */
    @WithDefault("2G")
    MemorySize modelBytes();

    /** Each data file; at least 1 KiB. */
    @WithDefault("4G")
    MemorySize dataBytes();

    /**
     * All files of one job together, inputs included; at least 1 MiB. The disk of the work
     * directory has room for this much for every slot.
     */
    @WithDefault("16G")
    MemorySize scratchBytes();
  }

  /** The engine processes. */
  interface Engine {
    /** Jobs at a time, each with its own engine; 1 to 64. */
    @WithDefault("1")
    int slots();

    /** Compute threads of an engine, 1 to 256; results are reproducible bit for bit with 1. */
    @WithDefault("1")
    int threads();

    /** Whether accepted models are pushed as ONNX too, beside the file in their own format. */
    @WithDefault("false")
    boolean alsoOnnx();

    /** Java heap of an engine; at least 64 MiB. */
    @WithDefault("1G")
    MemorySize heap();

    /** Resident memory of an engine, heap included; it is ended at 90 % of this. */
    @WithDefault("4G")
    MemorySize memory();

    /** Longest silence of an engine; 5 s to 1 h. */
    @WithDefault("PT2M")
    Duration stallTimeout();

    /** Longest run of an engine, whatever the policy asks for; 10 s to 7 d. */
    @WithDefault("PT6H")
    Duration maxDuration();
  }

  /** Pruning policies. */
  interface Policies {
    /** Directory of {@code <name>.yaml} files, read at start. */
    Optional<Path> directory();

    /** Policies by model, for events that name none: the first rule that matches decides. */
    List<Rule> rules();

    /**
     * Whether a job that is not finished ends as {@code superseded} when a later event of the same
     * model waits behind it in its partition. Where models are trained faster than they are pruned,
     * none would ever be finished.
     */
    @WithDefault("false")
    boolean supersede();

    /** Policy of events that name none and that no rule matches. */
    @WithDefault("gradual-90")
    @io.smallrye.config.WithName("default")
    String defaultName();

    /** The policy of some models. */
    interface Rule {
      /**
       * Expression (RE2) that is found in the names of these models; {@code ^…$} for a whole name.
       */
      String models();

      /** Name of a policy. */
      String policy();
    }
  }

  /** How often a job is tried. */
  interface Attempts {
    /** Deaths of the engine while the worker lived; 1 to 100. */
    @WithDefault("3")
    int max();

    /** Attempts without an outcome or a new checkpoint, whoever died; 1 to 1000. */
    @WithDefault("10")
    int maxWithoutProgress();
  }

  /** Pages and JSON API about the jobs, on a port of their own. */
  interface Pages {
    /** Whether there are any; the port is not opened otherwise. */
    @WithDefault("true")
    boolean enabled();

    /** Address that the port is bound to; any but loopback needs authentication. */
    @WithDefault("127.0.0.1")
    String host();

    /** The port; 0 to 65535, 0 takes a free one. */
    @WithDefault("8080")
    int port();

    /**
     * How it is known who looks and who cancels: {@code none} (everybody looks, nobody cancels),
     * {@code token} or {@code oidc}.
     */
    @WithDefault("none")
    PagesAuthentication auth();

    /** File that holds the token of those who may look; 16 characters or more. */
    Optional<Path> viewerTokenFile();

    /** File that holds the token of those who may also cancel; 16 characters or more. */
    Optional<Path> operatorTokenFile();

    /** Results kept in memory to be shown, the latest; 10 to 10,000. */
    @WithDefault("1000")
    int history();

    /** OpenID Connect. */
    Oidc oidc();
  }

  /** The provider that {@code espalier.pages.auth=oidc} asks. */
  interface Oidc {
    /** Issuer, {@code http(s)://…}; what it offers is read from its discovery document. */
    Optional<URI> issuer();

    /** Client id of these pages. */
    @WithDefault("espalier")
    String clientId();

    /** File that holds the client's secret. */
    Optional<Path> clientSecretFile();

    /** Path of the claim that lists roles, levels separated by slashes. */
    @WithDefault("groups")
    String roleClaim();

    /** Role of those who may look. */
    @WithDefault("espalier-viewer")
    String viewerRole();

    /** Role of those who may look and cancel. */
    @WithDefault("espalier-operator")
    String operatorRole();
  }
}
