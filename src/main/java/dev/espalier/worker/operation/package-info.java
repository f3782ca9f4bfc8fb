/**
 * What operators ask of a deployment from outside its workers: to cancel a job, to announce results
 * again, to send dead letters back. The command line comes in here; nothing of the worker does.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.worker.operation;
