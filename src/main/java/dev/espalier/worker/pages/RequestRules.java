package dev.espalier.worker.pages;

import dev.espalier.worker.config.PagesAuthentication;
import dev.espalier.worker.config.WorkerConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is asked of a request before anybody asks who sends it. */
@Singleton
class RequestRules {
  /** Before authentication, which has 200. */
  private static final int PRIORITY = 400;

  private static final int FORBIDDEN = 403;
  private static final Set<String> HARMLESS = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private final PagesAuthentication authentication;

  RequestRules(WorkerConfig config) {
    this.authentication = config.pages().auth();
  }

  void register(@Observes Filters filters) {
    filters.register(this::apply, PRIORITY);
  }

  private void apply(RoutingContext context) {
    context.addHeadersEndHandler(end -> ResponseHeaders.addTo(context.response().headers()));
    HttpServerRequest request = context.request();
    String refusal =
        refusal(
            request.method().name(),
            request.authority() == null ? null : request.authority().toString(),
            request.getHeader("Origin"),
            request.getHeader("Sec-Fetch-Site"),
            request.localAddress());
    if (refusal == null) {
      context.next();
    } else {
      context.response().setStatusCode(FORBIDDEN).putHeader("Content-Type", "text/plain");
      context.response().end(refusal + "\n");
    }
  }

  /** Why a request is refused; null when it is not. */
  @Nullable String refusal(
      String method,
      @Nullable String host,
      @Nullable String origin,
      @Nullable String fetchSite,
      @Nullable SocketAddress local) {
    if (authentication == PagesAuthentication.NONE && !isLoopback(host, local)) {
      return "Without authentication, pages are for http://localhost alone:"
          + " set espalier.pages.auth";
    }
    if (!HARMLESS.contains(method) && isForeign(host, origin, fetchSite)) {
      return "This request was made by a page of another origin";
    }
    return null;
  }

  /**
   * Whether both ends are this machine. The name is looked at too: any site may let its own name
   * point here, and would then be the same origin as these pages.
   */
  private static boolean isLoopback(@Nullable String host, @Nullable SocketAddress local) {
    String name = host == null ? "" : host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
    boolean here = local == null || local.hostAddress() == null || isLoopback(local.hostAddress());
    return here && LOOPBACK_NAMES.contains(name);
  }

  private static boolean isLoopback(String address) {
    return address.startsWith("127.") || address.equals("::1") || address.equals("0:0:0:0:0:0:0:1");
  }

  /**
   * Whether a browser says that another origin sends this (W3C Fetch Metadata, and {@code Origin}
   * where that is missing); programs that are no browsers say neither.
   */
  private static boolean isForeign(
      @Nullable String host, @Nullable String origin, @Nullable String fetchSite) {
    if (fetchSite != null) {
      return !fetchSite.equals("same-origin") && !fetchSite.equals("none");
    }
    return origin != null && (host == null || !origin.replaceFirst("^https?://", "").equals(host));
  }
}
