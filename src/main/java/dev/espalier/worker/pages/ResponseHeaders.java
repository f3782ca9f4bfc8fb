package dev.espalier.worker.pages;

import io.vertx.core.MultiMap;
import java.util.Map;

/**
 * Headers of every answer. Pages show names out of strangers' events and models: should one ever
 * escape its quotes, the browser still runs, loads and sends nothing that is not ours.
 */
final class ResponseHeaders {
  static final String POLICY = "Content-Security-Policy";

  private static final String CONTENT_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  /** Without referrers for itself, a browser would not say either that these pages sent a form. */
  private static final String REFERRERS = "same-origin";

  private static final Map<String, String> DEFAULTS =
      Map.of(
          POLICY,
          CONTENT_POLICY,
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          REFERRERS,
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  private ResponseHeaders() {}

  /** Adds those that the answer has no value of its own for. */
  static void addTo(MultiMap headers) {
    DEFAULTS.forEach(
        (name, value) -> {
          if (!headers.contains(name)) {
            headers.set(name, value);
          }
        });
  }
}
