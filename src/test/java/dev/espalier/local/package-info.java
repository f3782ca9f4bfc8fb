/**
 * The embedded stack: a real Kafka broker, a real S3 server and the packaged worker, each as a
 * child process on free ports, and the demo that drives them with a model trained on real images.
 * Integration tests and the demo use the same one. Test scope only: the product never holds it.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.local;
