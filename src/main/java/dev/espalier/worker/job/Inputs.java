package dev.espalier.worker.job;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A job's files, fetched and verified. */
record Inputs(Path model, Path validation, @Nullable Path training) {}
