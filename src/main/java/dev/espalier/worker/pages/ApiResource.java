package dev.espalier.worker.pages;

import dev.espalier.contract.JobId;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Multi;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jspecify.annotations.Nullable;

/** The same as JSON, as {@code schemas/openapi.yaml} describes it. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.VIEWER)
public class ApiResource {
  private final JobBoard board;
  private final JobLookup lookup;
  private final JobEvents events;
  private final SecurityIdentity identity;

  @Inject
  ApiResource(JobBoard board, JobLookup lookup, JobEvents events, SecurityIdentity identity) {
    this.board = board;
    this.lookup = lookup;
    this.events = events;
    this.identity = identity;
  }

  /**
   * All jobs within reach.
   *
   * @param model only those of this model, where it is given
   */
  @GET
  @Path("jobs")
  public String jobs(@QueryParam("model") @Nullable String model) {
    return ApiJson.jobs(board.current(), Optional.ofNullable(model));
  }

  /** One job, with its whole result when it has one. */
  @GET
  @Path("jobs/{id}")
  public Response job(@PathParam("id") String id) throws IOException {
    return lookup
        .find(id, board.current())
        .map(found -> Response.ok(ApiJson.job(found)))
        .orElseGet(() -> problem(Response.Status.NOT_FOUND, "there is no job " + id))
        .build();
  }

  /** Asks for a job's end; whoever runs it sees it within seconds. */
  @DELETE
  @Path("jobs/{id}")
  @RolesAllowed(Roles.OPERATOR)
  public Response cancel(@PathParam("id") String id) throws IOException {
    return switch (lookup.cancel(id, identity.getPrincipal().getName())) {
      case REQUESTED -> Response.accepted(ApiJson.cancelling(new JobId(id))).build();
      case ALREADY_FINISHED ->
          problem(Response.Status.CONFLICT, "job " + id + " already has its result").build();
      case UNKNOWN -> problem(Response.Status.NOT_FOUND, "there is no open job " + id).build();
    };
  }

  /** What changes, as it changes. */
  @GET
  @Path("events")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @RestStreamElementType(MediaType.APPLICATION_JSON)
  public Multi<String> events() {
    return events.stream();
  }

  private static Response.ResponseBuilder problem(Response.Status status, String message) {
    return Response.status(status).entity(ApiJson.problem(message));
  }
}
