package dev.espalier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.BuiltInPolicies;
import dev.espalier.contract.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyFilesTest {
  private static final Path DEPLOYED = Path.of("k8s", "base", "policies");

  static List<Path> deployed() throws IOException {
    try (Stream<Path> files = Files.list(DEPLOYED)) {
      return files.toList();
    }
  }

  @ParameterizedTest
  @MethodSource("deployed")
  void shouldBeOneThatThisVersionDoesWhenDeployed(Path file) throws IOException {
    String name = PolicyReader.readYaml(Files.readString(file)).name();

    assertThat(file).hasFileName(name + ".yaml");
    assertThat(Files.readString(DEPLOYED.resolveSibling("kustomization.yaml")))
        .contains("policies/" + name + ".yaml");
  }

  @Test
  void shouldBeTheBuiltInOneWhenTheReadmeSaysSo() throws IOException {
    Matcher block =
        Pattern.compile("```yaml\n(name: gradual-90\\b.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")));

    assertThat(block.find()).isTrue();
    assertThat(PolicyReader.readYaml(block.group(1))).isEqualTo(BuiltInPolicies.gradual90());
  }
}
