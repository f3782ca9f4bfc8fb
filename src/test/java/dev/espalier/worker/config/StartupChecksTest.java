package dev.espalier.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartupChecksTest {

  @Test
  void shouldFindNothingWhenOnlyRequiredPropertiesAreSet() {
    assertThat(new StartupChecks(TestConfig.with()).violations()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "espalier.deployment|Upper",
        "espalier.deployment|a/b",
        "espalier.kafka.bootstrap-servers|no-port",
        "espalier.topics.model-trained|a b",
        "espalier.topics.model-pruned|a/b",
        "espalier.topics.model-not-pruned|a:b",
        "espalier.topics.dead-letters|ä",
        "espalier.store.endpoint|ftp://host",
        "espalier.store.endpoint|http://user:password@host",
        "espalier.store.output-bucket|x",
        "espalier.store.output-prefix|../up",
        "espalier.store.allowed-buckets|models,Not-A-Bucket",
        "espalier.store.allowed-buckets|models/../other",
        "espalier.store.allowed-buckets|models/a b",
        "espalier.limits.scratch-bytes|10",
        "espalier.limits.model-bytes|10",
        "espalier.limits.data-bytes|10",
        "espalier.engine.slots|0",
        "espalier.engine.slots|65",
        "espalier.engine.threads|0",
        "espalier.engine.heap|1M",
        "espalier.engine.memory|128M",
        "espalier.engine.stall-timeout|PT1S",
        "espalier.engine.max-duration|P30D",
        "espalier.attempts.max|0",
        "espalier.attempts.max-without-progress|0",
        "espalier.pages.port|65536",
        "espalier.pages.history|9",
        "espalier.pages.operator-token-file|/no/such/file",
      })
  void shouldNamePropertyWhenValueIsOutOfBounds(String property, String value) {
    assertThat(new StartupChecks(TestConfig.with(property, value)).violations())
        .singleElement()
        .asString()
        .startsWith(property);
  }

  @Test
  void shouldRefuseSecretWhenGivenTwice(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("key"), "s3cret-value");
    WorkerConfig config = TestConfig.with("espalier.store.secret-key-file", file.toString());
    assertThat(new StartupChecks(config).violations())
        .singleElement()
        .asString()
        .startsWith("espalier.store.secret-key ")
        .doesNotContain("s3cret-value");
  }

  @Test
  void shouldNameFileWhenSecretFileIsMissing() {
    WorkerConfig config =
        TestConfig.with(
            "espalier.store.secret-key", null, "espalier.store.secret-key-file", "/no/such/file");
    assertThat(new StartupChecks(config).violations())
        .singleElement()
        .asString()
        .startsWith("espalier.store.secret-key-file")
        .contains("/no/such/file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"minioadmin", "espalier-demo-Zm9vYmFy"})
  void shouldRefuseSecretWhenOthersKnowIt(String secret, @TempDir Path directory)
      throws IOException {
    Path file = Files.writeString(directory.resolve("key"), secret + "\n");
    String[] byFile = {
      "espalier.store.secret-key", null, "espalier.store.secret-key-file", file.toString()
    };
    assertThat(new StartupChecks(TestConfig.with(byFile)).violations())
        .singleElement()
        .asString()
        .startsWith("espalier.store.secret-key ")
        .contains("espalier.demo")
        .doesNotContain(secret);
    assertThat(new StartupChecks(TestConfig.with("espalier.store.secret-key", secret)).violations())
        .hasSize(1);
  }

  @Test
  void shouldTakeSecretThatOthersKnowWhenItIsADemo() {
    WorkerConfig config =
        TestConfig.with("espalier.store.secret-key", "minioadmin", "espalier.demo", "true");
    assertThat(new StartupChecks(config).violations()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"access-key", "secret-key"})
  void shouldRefuseCredentialWhenItsFileIsEmpty(String name, @TempDir Path directory)
      throws IOException {
    Path file = Files.writeString(directory.resolve("key"), "\n");
    String property = "espalier.store." + name;
    WorkerConfig config = TestConfig.with(property, null, property + "-file", file.toString());
    assertThat(new StartupChecks(config).violations()).containsExactly(property + " is empty");
  }

  @Test
  void shouldReadSecretFromFileWhenNoValueIsGiven(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("key"), "from-file\n");
    assertThat(Secrets.resolve(Optional.empty(), Optional.of(file))).isEqualTo("from-file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.7", "127.0.0.1.example", "pages.example"})
  void shouldRefusePagesBeyondThisMachineWhenNobodyIsAskedWhoTheyAre(String host) {
    assertThat(new StartupChecks(TestConfig.with("espalier.pages.host", host)).violations())
        .singleElement()
        .asString()
        .startsWith("espalier.pages.auth is none")
        .contains("espalier.pages.host");
    assertThat(
            new StartupChecks(
                    TestConfig.with("espalier.pages.host", host, "espalier.pages.enabled", "false"))
                .violations())
        .isEmpty();
  }

  @Test
  void shouldRefuseTokensThatAreMissingOrShort(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("token"), "short\n");

    assertThat(new StartupChecks(TestConfig.with("espalier.pages.auth", "token")).violations())
        .singleElement()
        .asString()
        .startsWith("espalier.pages.operator-token-file must be set");
    assertThat(
            new StartupChecks(
                    TestConfig.with(
                        "espalier.pages.auth",
                        "token",
                        "espalier.pages.operator-token-file",
                        file.toString()))
                .violations())
        .singleElement()
        .asString()
        .startsWith("espalier.pages.operator-token-file holds")
        .doesNotContain("short");
  }

  @Test
  void shouldRefuseOpenIdConnectWithoutAnIssuer() {
    assertThat(new StartupChecks(TestConfig.with("espalier.pages.auth", "oidc")).violations())
        .singleElement()
        .asString()
        .startsWith("espalier.pages.oidc.issuer");
  }

  @Test
  void shouldRefuseUnknownPropertyWhenItIsMisspelt() {
    assertThatThrownBy(() -> TestConfig.with("espalier.engine.slot", "2"))
        .hasMessageContaining("espalier.engine.slot");
  }
}
