/**
 * The worker: everything that has credentials. It moves and hashes model bytes and never interprets
 * them.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.worker;
