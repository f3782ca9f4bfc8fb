package dev.espalier.worker.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.worker.config.TestConfig;
import io.vertx.core.net.SocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestRulesTest {
  private static final RequestRules OPEN = new RequestRules(TestConfig.with());
  private static final RequestRules BY_TOKEN =
      new RequestRules(TestConfig.with("espalier.pages.auth", "token"));

  @ParameterizedTest
  @CsvSource({
    "localhost:8080, 127.0.0.1, true",
    "127.0.0.1:8080, 127.0.0.1, true",
    "LOCALHOST, 127.0.0.1, true",
    "[::1]:8080, ::1, true",
    "localhost.example:8080, 127.0.0.1, false",
    "rebound.example, 127.0.0.1, false",
    "localhost:8080, 10.0.0.7, false",
    ", 127.0.0.1, false",
  })
  void shouldTakeOnlyThisMachineWhenNobodyIsAskedWhoTheyAre(
      String host, String local, boolean taken) {
    SocketAddress address = SocketAddress.inetSocketAddress(8080, local);

    assertThat(OPEN.refusal("GET", host, null, null, address) == null).isEqualTo(taken);
    assertThat(BY_TOKEN.refusal("GET", host, null, null, address)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, , , true",
    "DELETE, , same-origin, true",
    "DELETE, , none, true",
    "DELETE, , same-site, false",
    "DELETE, , cross-site, false",
    "POST, http://pages:8080, , true",
    "POST, https://pages:8080, , true",
    "POST, http://pages:8081, , false",
    "POST, http://pages:8080.elsewhere, , false",
    "POST, null, , false",
    "POST, http://elsewhere, same-origin, true",
    "GET, http://elsewhere, cross-site, true",
  })
  void shouldChangeNothingForAPageOfAnotherOrigin(
      String method, String origin, String fetchSite, boolean taken) {
    SocketAddress address = SocketAddress.inetSocketAddress(8080, "10.0.0.7");

    assertThat(BY_TOKEN.refusal(method, "pages:8080", origin, fetchSite, address) == null)
        .isEqualTo(taken);
  }
}
