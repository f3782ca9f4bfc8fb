package dev.espalier.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/**
 * As much of an OpenID Connect provider as discovery and bearer tokens take: its description and
 * its public key. Nobody can sign in at it.
 */
final class FakeProvider implements AutoCloseable {
  private static final int BITS = 2048;

  private final HttpServer server;
  private final RsaJsonWebKey key = newKey();

  private FakeProvider(HttpServer server) throws JoseException {
    this.server = server;
  }

  static FakeProvider start() throws IOException, JoseException {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    FakeProvider provider = new FakeProvider(HttpServer.create(free, 0));
    provider.answer(
        "/.well-known/openid-configuration",
        """
        {"issuer": "%1$s", "authorization_endpoint": "%1$s/authorize", "token_endpoint": "%1$s/token",
         "jwks_uri": "%1$s/keys", "subject_types_supported": ["public"],
         "response_types_supported": ["code"], "id_token_signing_alg_values_supported": ["RS256"]}
        """
            .formatted(provider.issuer()));
    provider.answer(
        "/keys", "{\"keys\": [%s]}".formatted(provider.key.toJson(OutputControlLevel.PUBLIC_ONLY)));
    provider.server.start();
    return provider;
  }

  String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A token as this provider would issue it. */
  String token(String... groups) throws JoseException {
    return token(key, groups);
  }

  /** One that somebody else signed. */
  String forged(String group) throws JoseException {
    return token(newKey(), group);
  }

  private String token(RsaJsonWebKey signer, String... groups) throws JoseException {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(issuer());
    claims.setSubject("somebody");
    claims.setStringClaim("preferred_username", "somebody");
    List<String> all = new ArrayList<>(List.of("unrelated"));
    all.addAll(List.of(groups));
    claims.setStringListClaim("groups", all);
    claims.setIssuedAtToNow();
    claims.setExpirationTimeMinutesInTheFuture(10);
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setKey(signer.getPrivateKey());
    signature.setKeyIdHeaderValue(signer.getKeyId());
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
    return signature.getCompactSerialization();
  }

  private static RsaJsonWebKey newKey() throws JoseException {
    RsaJsonWebKey key = RsaJwkGenerator.generateJwk(BITS);
    key.setKeyId("the-key");
    key.setUse("sig");
    key.setAlgorithm(AlgorithmIdentifiers.RSA_USING_SHA256);
    return key;
  }

  private void answer(String path, String json) {
    server.createContext(
        path,
        exchange -> {
          byte[] body = json.getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
