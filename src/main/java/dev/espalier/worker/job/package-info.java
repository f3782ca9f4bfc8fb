/** Running a job from admission to its one result, and the state it may be in meanwhile. */
@org.jspecify.annotations.NullMarked
package dev.espalier.worker.job;
