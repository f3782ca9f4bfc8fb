package dev.espalier.worker.pages;

import dev.espalier.contract.JobId;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Reports, from the store through the worker: who looks needs no access to the store. They show
 * names out of strangers' models, so they are served as documents of no origin that run nothing.
 */
@Singleton
class Reports {
  /** Reports held in memory at a time. */
  private static final int MOST = 2;

  private static final String SANDBOX =
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

  private final StoredJobs stored;
  private final Semaphore permits = new Semaphore(MOST);

  Reports(StoredJobs stored) {
    this.stored = stored;
  }

  /** The report; empty when the job has none. */
  Optional<Response> of(JobId job) throws IOException {
    if (!permits.tryAcquire()) {
      return Optional.of(
          Response.status(Response.Status.SERVICE_UNAVAILABLE).header("Retry-After", "2").build());
    }
    try {
      return stored
          .report(job)
          .map(
              html ->
                  Response.ok(html, MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                      .header(ResponseHeaders.POLICY, SANDBOX)
                      .header("Cache-Control", "private, max-age=3600")
                      .build());
    } finally {
      permits.release();
    }
  }
}
