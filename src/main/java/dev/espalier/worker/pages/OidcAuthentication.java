package dev.espalier.worker.pages;

import dev.espalier.worker.config.PagesAuthentication;
import dev.espalier.worker.config.Secrets;
import dev.espalier.worker.config.WorkerConfig;
import io.quarkus.oidc.Oidc;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.OidcTenantConfigBuilder;
import io.quarkus.oidc.runtime.OidcTenantConfig.ApplicationType;
import io.quarkus.oidc.runtime.OidcTenantConfig.Authentication.CookieSameSite;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Who sends a request, by an OpenID Connect provider: bearer tokens from scripts, the authorization
 * code flow for browsers. Nothing is asked of any provider unless one is configured.
 */
@Singleton
public class OidcAuthentication implements SecurityIdentityAugmentor {
  private final WorkerConfig.Pages pages;

  OidcAuthentication(WorkerConfig config) {
    this.pages = config.pages();
  }

  void configure(@Observes Oidc oidc) {
    if (pages.enabled() && pages.auth() == PagesAuthentication.OIDC) {
      oidc.create(tenant(pages.oidc()));
    }
  }

  private static OidcTenantConfig tenant(WorkerConfig.Oidc settings) {
    OidcTenantConfigBuilder tenant =
        OidcTenantConfig.authServerUrl(settings.issuer().orElseThrow().toString())
            .clientId(settings.clientId())
            .applicationType(ApplicationType.HYBRID);
    tenant.roles().roleClaimPath(settings.roleClaim()).end();
    tenant.authentication().restorePathAfterRedirect(true).cookieSameSite(CookieSameSite.LAX).end();
    Optional<Path> secret = settings.clientSecretFile();
    if (secret.isPresent()) {
      tenant.credentials(Secrets.resolve(Optional.empty(), secret));
    }
    return tenant.build();
  }

  /**
   * The identity with the provider's roles in our words, and no other: a provider's own {@code
   * operator} is not ours. Without authentication by it, the identity as it is.
   */
  @Override
  public Uni<SecurityIdentity> augment(
      SecurityIdentity identity, AuthenticationRequestContext context) {
    if (pages.auth() != PagesAuthentication.OIDC || identity.isAnonymous()) {
      return Uni.createFrom().item(identity);
    }
    return Uni.createFrom()
        .item(
            QuarkusSecurityIdentity.builder()
                .setPrincipal(identity.getPrincipal())
                .addCredentials(identity.getCredentials())
                .addAttributes(identity.getAttributes())
                .addRoles(roles(identity.getRoles()))
                .build());
  }

  private Set<String> roles(Set<String> theirs) {
    Set<String> ours = new HashSet<>();
    if (theirs.contains(pages.oidc().viewerRole())) {
      ours.add(Roles.VIEWER);
    }
    if (theirs.contains(pages.oidc().operatorRole())) {
      ours.addAll(Set.of(Roles.VIEWER, Roles.OPERATOR));
    }
    return ours;
  }
}
