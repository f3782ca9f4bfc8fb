/**
 * What people and scripts see of the jobs: pages, JSON and events over HTTP, and who may. It reads
 * what the worker publishes anyway and keeps nothing of its own; no job depends on it.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.worker.pages;
