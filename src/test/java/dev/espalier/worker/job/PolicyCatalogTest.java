package dev.espalier.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.worker.config.TestConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyCatalogTest {
  @TempDir private Path directory;

  @Test
  void shouldChooseBuiltInPolicyWhenEventNamesNone() {
    assertThat(new PolicyCatalog(TestConfig.with()).choose(null, "cnn").name())
        .isEqualTo("gradual-90");
  }

  @Test
  void shouldChooseConfiguredPolicyByNameAndByDefault() throws IOException {
    write("half", "half");
    PolicyCatalog catalog = catalog("half");
    assertThat(catalog.choose(null, "cnn").target().sparsity()).isEqualTo(0.5);
    assertThat(catalog.choose(TextNode.valueOf("half"), "cnn").name()).isEqualTo("half");
    assertThat(catalog.choose(TextNode.valueOf("gradual-90"), "cnn").name())
        .isEqualTo("gradual-90");
  }

  @Test
  void shouldReadPolicyWhenEventBringsOne() {
    var inline = JsonNodeFactory.instance.objectNode().put("name", "mine");
    inline.putObject("target").put("sparsity", 0.25);
    assertThat(new PolicyCatalog(TestConfig.with()).choose(inline, "cnn").target().sparsity())
        .isEqualTo(0.25);
  }

  @Test
  void shouldRefuseWhenNoPolicyHasTheName() {
    assertThatThrownBy(
            () -> new PolicyCatalog(TestConfig.with()).choose(TextNode.valueOf("../secret"), "cnn"))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason().code()).isEqualTo(ReasonCode.UNKNOWN_POLICY));
  }

  @Test
  void shouldChooseByTheFirstRuleThatMatchesTheModelsName() throws IOException {
    write("half", "half");
    write("careful", "careful");
    PolicyCatalog catalog =
        new PolicyCatalog(
            TestConfig.with(
                "espalier.policies.directory", directory.toString(),
                "espalier.policies.rules[0].models", "^critical-",
                "espalier.policies.rules[0].policy", "careful",
                "espalier.policies.rules[1].models", "cnn",
                "espalier.policies.rules[1].policy", "half"));
    assertThat(catalog.choose(null, "critical-cnn").name()).isEqualTo("careful");
    assertThat(catalog.choose(null, "a-cnn-b").name()).isEqualTo("half");
    assertThat(catalog.choose(null, "not-critical-mlp").name()).isEqualTo("gradual-90");
    assertThat(catalog.choose(NullNode.instance, "cnn").name()).isEqualTo("half");
    assertThat(catalog.choose(TextNode.valueOf("gradual-90"), "critical-cnn").name())
        .isEqualTo("gradual-90");
  }

  @ParameterizedTest
  @CsvSource({
    "(, gradual-90, espalier.policies.rules[0].models",
    "(?=a), gradual-90, espalier.policies.rules[0].models",
    "cnn, nobody, espalier.policies.rules[0].policy"
  })
  void shouldNotStartAndNameTheRuleThatIsWrong(String models, String policy, String named) {
    assertThatThrownBy(
            () ->
                new PolicyCatalog(
                    TestConfig.with(
                        "espalier.policies.rules[0].models", models,
                        "espalier.policies.rules[0].policy", policy)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(named);
  }

  @Test
  void shouldNotStartWhenConfigurationIsWrong() throws IOException {
    assertThatThrownBy(() -> new PolicyCatalog(TestConfig.with("espalier.policies.default", "no")))
        .hasMessageContaining("espalier.policies.default");
    write("half", "another-name");
    assertThatThrownBy(() -> catalog("gradual-90"))
        .hasMessageContaining("half.yaml")
        .hasMessageContaining("another-name");
    Files.writeString(directory.resolve("half.yaml"), "name: half\nunknown: 1\n");
    assertThatThrownBy(() -> catalog("gradual-90"))
        .hasMessageContaining("half.yaml")
        .hasMessageContaining("policy-invalid");
  }

  private PolicyCatalog catalog(String byDefault) {
    return new PolicyCatalog(
        TestConfig.with(
            "espalier.policies.directory",
            directory.toString(),
            "espalier.policies.default",
            byDefault));
  }

  private void write(String file, String name) throws IOException {
    Files.writeString(
        directory.resolve(file + ".yaml"), "name: " + name + "\ntarget: {sparsity: 0.5}\n");
  }
}
