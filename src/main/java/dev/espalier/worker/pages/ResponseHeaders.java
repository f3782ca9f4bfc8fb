package dev.espalier.worker.pages;

import io.vertx.core.MultiMap;

/**
 * Headers of every answer. Pages show names out of strangers' events and models: should one ever
 * escape its quotes, the browser still runs, loads and sends nothing that is not ours.
 */
final class ResponseHeaders {
  static final String POLICY = "Content-Security-Policy";

  private static final String CONTENT_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private ResponseHeaders() {}

  static void addTo(MultiMap headers) {
    headers.set(POLICY, CONTENT_POLICY);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cache-Control", "no-store");
  }
}
