/**
 * Everything that crosses a process boundary: events, results, policies, job specifications and the
 * engine's progress lines, as immutable records with their JSON form. No I/O happens here, and
 * nothing of Kafka, object storage, model files or numerics may enter.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.contract;
