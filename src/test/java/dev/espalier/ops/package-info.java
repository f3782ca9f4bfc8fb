/**
 * What is deployed beside the code: dashboards, compose file, manifests. The tests hold them to the
 * metrics and settings that exist.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.ops;
