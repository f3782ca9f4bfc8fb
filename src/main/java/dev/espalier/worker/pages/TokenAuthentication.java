package dev.espalier.worker.pages;

import dev.espalier.contract.Sha256;
import dev.espalier.worker.config.PagesAuthentication;
import dev.espalier.worker.config.Secrets;
import dev.espalier.worker.config.WorkerConfig;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request, by a token: as {@code Authorization: Bearer} from scripts, or as the
 * password of HTTP Basic, which browsers ask for and then send along. Without authentication
 * everybody is on this machine, {@link RequestRules} has seen to that; as any program on it may be
 * that, engines that read strangers' models included, everybody may only look.
 */
@Singleton
public class TokenAuthentication implements HttpAuthenticationMechanism {
  private static final SecurityIdentity EVERYBODY = identity("local", Set.of(Roles.VIEWER));
  private static final SecurityIdentity VIEWER = identity("viewer", Set.of(Roles.VIEWER));
  private static final SecurityIdentity OPERATOR =
      identity("operator", Set.of(Roles.VIEWER, Roles.OPERATOR));
  private static final int UNAUTHORIZED = 401;

  private final PagesAuthentication authentication;
  private final byte @Nullable [] viewer;
  private final byte @Nullable [] operator;

  TokenAuthentication(WorkerConfig config) {
    this.authentication = config.pages().auth();
    boolean byToken = authentication == PagesAuthentication.TOKEN;
    this.viewer = byToken ? digest(config.pages().viewerTokenFile()) : null;
    this.operator = byToken ? digest(config.pages().operatorTokenFile()) : null;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext context, IdentityProviderManager identities) {
    return switch (authentication) {
      case NONE -> Uni.createFrom().item(EVERYBODY);
      case TOKEN -> byToken(context.request().getHeader("Authorization"));
      case OIDC -> Uni.createFrom().nullItem();
    };
  }

  private Uni<SecurityIdentity> byToken(@Nullable String header) {
    if (header == null) {
      return Uni.createFrom().nullItem();
    }
    Optional<SecurityIdentity> known = identity(header);
    return known.isPresent()
        ? Uni.createFrom().item(known.get())
        : Uni.createFrom().failure(new AuthenticationFailedException());
  }

  /** Whose token the header holds; digests are compared, in a time that tells nothing of them. */
  Optional<SecurityIdentity> identity(String header) {
    byte[] given = digest(token(header));
    boolean isOperator = operator != null && MessageDigest.isEqual(operator, given);
    boolean isViewer = viewer != null && MessageDigest.isEqual(viewer, given);
    if (isOperator) {
      return Optional.of(OPERATOR);
    }
    return isViewer ? Optional.of(VIEWER) : Optional.empty();
  }

  private static String token(String header) {
    int space = header.indexOf(' ');
    String scheme = space < 0 ? "" : header.substring(0, space);
    String credentials = header.substring(space + 1).strip();
    if (scheme.equalsIgnoreCase("Bearer")) {
      return credentials;
    }
    if (!scheme.equalsIgnoreCase("Basic")) {
      return "";
    }
    try {
      String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
      return pair.substring(pair.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static byte @Nullable [] digest(Optional<Path> file) {
    return file.isEmpty() ? null : digest(Secrets.resolve(Optional.empty(), file));
  }

  private static byte[] digest(String token) {
    return Sha256.newDigest().digest(token.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext context) {
    return authentication == PagesAuthentication.TOKEN
        ? Uni.createFrom()
            .item(
                new ChallengeData(
                    UNAUTHORIZED,
                    "WWW-Authenticate",
                    "Basic realm=\"Espalier\", charset=\"UTF-8\""))
        : Uni.createFrom().nullItem();
  }

  /** Before that of OpenID Connect, which would take any bearer token for one of its own. */
  @Override
  public int getPriority() {
    return HttpAuthenticationMechanism.DEFAULT_PRIORITY + 1_000;
  }

  private static SecurityIdentity identity(String name, Set<String> roles) {
    return QuarkusSecurityIdentity.builder()
        .setPrincipal(new QuarkusPrincipal(name))
        .addRoles(roles)
        .build();
  }
}
