/**
 * The commit record and its announcement, exactly once, in the transaction that also commits the
 * offset.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.worker.publish;
