/**
 * What a job has reached after a step, on disk: enough to go on from there as if nothing had
 * happened. A file that is damaged, or belongs to another job, is ignored.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.checkpoint;
