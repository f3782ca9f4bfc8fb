package dev.espalier.worker.pages;

import dev.espalier.contract.JobId;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reports, from the store through the worker: who looks needs no access to the store. They show
 * names out of strangers' models, so they are served as documents of no origin that run nothing.
 */
@Singleton
class Reports {
  /** Reports held in memory at a time, each until its reader has it. */
  private static final int MOST = 2;

  /** Written at a time: the server holds this much more for a reader that is slow. */
  private static final int PIECE_BYTES = 64 << 10;

  private static final String SANDBOX =
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

  private final StoredJobs stored;
  private final Semaphore permits = new Semaphore(MOST);

  Reports(StoredJobs stored) {
    this.stored = stored;
  }

  /**
   * The report; empty when the job has none.
   *
   * @param request of whoever reads it
   */
  Optional<Response> of(JobId job, RoutingContext request) throws IOException {
    if (!permits.tryAcquire()) {
      return Optional.of(
          Response.status(Response.Status.SERVICE_UNAVAILABLE).header("Retry-After", "2").build());
    }
    AtomicBoolean held = new AtomicBoolean(true);
    // However it ends: all is sent, the reader has gone, or there is nothing to send.
    request.addEndHandler(
        end -> {
          if (held.getAndSet(false)) {
            permits.release();
          }
        });
    return stored.report(job).map(Reports::answer);
  }

  private static Response answer(byte... html) {
    StreamingOutput body = out -> write(html, out);
    return Response.ok(body, MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
        .header(ResponseHeaders.POLICY, SANDBOX)
        .header("Cache-Control", "private, max-age=3600")
        .build();
  }

  /** In pieces: each waits until the reader has taken the one before. */
  private static void write(byte[] html, OutputStream out) throws IOException {
    for (int at = 0; at < html.length; at += PIECE_BYTES) {
      out.write(html, at, Math.min(PIECE_BYTES, html.length - at));
      out.flush();
    }
  }
}
