/**
 * Typed configuration, what follows from it for the Kafka clients, and the checks that run before
 * the worker takes its first record.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.worker.config;
