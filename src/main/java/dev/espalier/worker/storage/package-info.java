/** The object store behind a port of few methods, and the one place that builds its keys. */
@org.jspecify.annotations.NullMarked
package dev.espalier.worker.storage;
