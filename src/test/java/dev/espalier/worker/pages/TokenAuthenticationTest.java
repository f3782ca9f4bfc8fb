package dev.espalier.worker.pages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.worker.config.TestConfig;
import io.quarkus.security.identity.SecurityIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenAuthenticationTest {
  private static final String VIEWER = "viewer-token-0123456789";
  private static final String OPERATOR = "operator:token-0123456789";

  @TempDir private Path directory;

  @Test
  void shouldKnowTheRolesOfATokenHoweverItIsSent() throws IOException {
    assertThat(roles("Bearer " + VIEWER)).containsExactly("viewer");
    assertThat(roles("bearer  " + OPERATOR)).containsExactlyInAnyOrder("viewer", "operator");
    assertThat(roles(basic("", VIEWER))).containsExactly("viewer");
    // All behind the first colon is the password (RFC 7617, 2).
    assertThat(roles(basic("anyone", OPERATOR))).containsExactlyInAnyOrder("viewer", "operator");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer viewer-token-012345678",
        "Bearer viewer-token-01234567890",
        "Basic ***",
        "Digest viewer-token-0123456789",
        "viewer-token-0123456789"
      })
  void shouldKnowNobodyByAnythingElse(String header) throws IOException {
    assertThat(byToken().identity(header)).isEmpty();
  }

  @Test
  void shouldKnowNobodyByAnEmptyTokenWhenThereIsNoViewer() throws IOException {
    TokenAuthentication operators =
        new TokenAuthentication(
            TestConfig.with(
                "espalier.pages.auth",
                "token",
                "espalier.pages.operator-token-file",
                file("operator", OPERATOR)));

    assertThat(operators.identity("Bearer ")).isEmpty();
    assertThat(operators.identity("Bearer " + VIEWER)).isEmpty();
    assertThat(operators.identity("Bearer " + OPERATOR)).isPresent();
  }

  private Set<String> roles(String header) throws IOException {
    return byToken().identity(header).map(SecurityIdentity::getRoles).orElse(Set.of());
  }

  private TokenAuthentication byToken() throws IOException {
    return new TokenAuthentication(
        TestConfig.with(
            "espalier.pages.auth", "token",
            "espalier.pages.viewer-token-file", file("viewer", VIEWER),
            "espalier.pages.operator-token-file", file("operator", OPERATOR)));
  }

  private String file(String name, String token) throws IOException {
    return Files.writeString(directory.resolve(name), token + "\n").toString();
  }

  private static String basic(String user, String password) {
    return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
  }
}
