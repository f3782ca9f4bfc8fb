package dev.espalier.worker.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.worker.job.Job;

/** A CloudEvent of the right type, its data not yet judged. */
record IncomingEvent(Job.Event attributes, JsonNode data) {}
