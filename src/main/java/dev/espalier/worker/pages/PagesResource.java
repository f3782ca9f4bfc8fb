package dev.espalier.worker.pages;

import dev.espalier.contract.JobId;
import dev.espalier.worker.config.WorkerConfig;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/** Pages for people. They work without scripts; with them they follow the jobs. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed(Roles.VIEWER)
public class PagesResource {
  private final JobBoard board;
  private final JobLookup lookup;
  private final Reports reports;
  private final SecurityIdentity identity;
  private final String deployment;

  @Inject
  PagesResource(
      JobBoard board,
      JobLookup lookup,
      Reports reports,
      SecurityIdentity identity,
      WorkerConfig config) {
    this.board = board;
    this.lookup = lookup;
    this.reports = reports;
    this.identity = identity;
    this.deployment = config.deployment();
  }

  /** All jobs. */
  @GET
  public TemplateInstance jobs() {
    Snapshot snapshot = board.current();
    return Templates.jobs(JobsView.of(snapshot), frame(snapshot));
  }

  /** One job. */
  @GET
  @Path("jobs/{id}")
  public Response job(@PathParam("id") String id) throws IOException {
    Snapshot snapshot = board.current();
    Optional<JobView> view = lookup.find(id, snapshot).map(JobLookup.Found::view);
    return view.isPresent()
        ? Response.ok(Templates.job(view.get(), frame(snapshot))).build()
        : unknown("No such job", "There is no job " + id + ", neither open nor with a result.");
  }

  /** A model over its versions. */
  @GET
  @Path("models/{name}")
  public Response model(@PathParam("name") String name) {
    Snapshot snapshot = board.current();
    ModelView view = ModelView.of(name, snapshot);
    return view.isUnknown()
        ? unknown("No such model", "None of the latest results is of the model " + name + ".")
        : Response.ok(Templates.model(view, frame(snapshot))).build();
  }

  /** The report of a job, as its engine wrote it. */
  @GET
  @Path("jobs/{id}/report")
  public Response report(@PathParam("id") String id, @Context RoutingContext request)
      throws IOException {
    Optional<JobId> job = JobLookup.parse(id);
    Optional<Response> report = job.isEmpty() ? Optional.empty() : reports.of(job.get(), request);
    return report.orElseGet(() -> unknown("No report", "The job " + id + " has no report."));
  }

  /** What the button of a job's page sends where there are no scripts. */
  @POST
  @Path("jobs/{id}/cancel")
  @RolesAllowed(Roles.OPERATOR)
  public Response cancel(@PathParam("id") String id) throws IOException {
    return lookup.cancel(id, identity.getPrincipal().getName()) == JobLookup.Cancelled.UNKNOWN
        ? unknown("No such job", "There is no job " + id + ".")
        : Response.seeOther(URI.create("/jobs/" + id)).build();
  }

  private Response unknown(String title, String message) {
    return Response.status(Response.Status.NOT_FOUND)
        .entity(Templates.problem(title, message, frame(board.current())))
        .build();
  }

  private Frame frame(Snapshot snapshot) {
    boolean never = snapshot.asOf().equals(Instant.EPOCH);
    return new Frame(
        deployment,
        identity.getPrincipal().getName(),
        identity.hasRole(Roles.OPERATOR),
        never ? "never" : Text.time(snapshot.asOf()),
        snapshot.trouble());
  }
}
