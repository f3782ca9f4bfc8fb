/** Typed configuration and the checks that run before the worker takes its first record. */
@org.jspecify.annotations.NullMarked
package dev.espalier.worker.config;
