/**
 * Zip files from anyone: every byte of the file is accounted for, so that no two readers can see
 * different contents, and nothing is inflated beyond what the limits and the directory allow. Only
 * zip itself may enter here, nothing of what the entries mean.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.archive;
