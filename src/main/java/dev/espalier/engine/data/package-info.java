/**
 * Data sets: bounded readers of {@code .npz} archives, the split into search and verdict half, and
 * batches ready for a model. Pickled arrays are refused unread.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.data;
