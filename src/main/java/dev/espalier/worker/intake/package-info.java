/** From Kafka records to admitted jobs: one poll thread, strict admission, dead letters. */
@org.jspecify.annotations.NullMarked
package dev.espalier.worker.intake;
