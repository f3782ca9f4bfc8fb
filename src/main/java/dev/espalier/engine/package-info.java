/**
 * The engine process: a pure function from a work directory to a work directory. It holds the entry
 * point and the orchestrator that strings the stages together; no Quarkus, Kafka or object storage
 * may enter, and no address or credential ever does.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine;
