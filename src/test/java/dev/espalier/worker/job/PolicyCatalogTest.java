package dev.espalier.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.worker.config.TestConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCatalogTest {
  @TempDir private Path directory;

  @Test
  void shouldChooseBuiltInPolicyWhenEventNamesNone() {
    assertThat(new PolicyCatalog(TestConfig.with()).choose(null).name()).isEqualTo("gradual-90");
  }

  @Test
  void shouldChooseConfiguredPolicyByNameAndByDefault() throws IOException {
    write("half", "half");
    PolicyCatalog catalog = catalog("half");
    assertThat(catalog.choose(null).target().sparsity()).isEqualTo(0.5);
    assertThat(catalog.choose(TextNode.valueOf("half")).name()).isEqualTo("half");
    assertThat(catalog.choose(TextNode.valueOf("gradual-90")).name()).isEqualTo("gradual-90");
  }

  @Test
  void shouldReadPolicyWhenEventBringsOne() {
    var inline = JsonNodeFactory.instance.objectNode().put("name", "mine");
    inline.putObject("target").put("sparsity", 0.25);
    assertThat(new PolicyCatalog(TestConfig.with()).choose(inline).target().sparsity())
        .isEqualTo(0.25);
  }

  @Test
  void shouldRefuseWhenNoPolicyHasTheName() {
    assertThatThrownBy(
            () -> new PolicyCatalog(TestConfig.with()).choose(TextNode.valueOf("../secret")))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason().code()).isEqualTo(ReasonCode.UNKNOWN_POLICY));
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
