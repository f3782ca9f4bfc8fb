package dev.espalier.engine.operator;

import org.jspecify.annotations.Nullable;

/**
 * What one direction of a recurrent operator writes. With t steps, d directions, n samples and h
 * hidden units:
 *
 * @param direction place of the direction among all
 * @param directions d, 1 or 2
 * @param all hidden states of all directions, [t, d, n, h]
 * @param lastHidden this direction's last hidden state, [n, h]
 * @param lastCell this direction's last cell state, [n, h]; absent without cell states
 */
record RecurrentResults(
    int direction, int directions, Value all, Value lastHidden, @Nullable Value lastCell) {}
