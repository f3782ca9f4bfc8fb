/**
 * Starts and watches engine processes: class path, limits, heartbeat, memory, deadline. Used by the
 * worker and the command line alike; knows the contract, not the engine.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.isolation;
