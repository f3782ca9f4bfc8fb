package dev.espalier.worker.config;

/** How the pages know who looks and who cancels. */
public enum PagesAuthentication {
  /** They do not: whoever reaches loopback may look, and nobody may cancel. */
  NONE,
  /** By a bearer token, or the same as the password of HTTP Basic, as browsers ask for it. */
  TOKEN,
  /** By an OpenID Connect provider. */
  OIDC
}
