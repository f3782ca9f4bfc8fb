package dev.espalier.worker.pages;

import org.jspecify.annotations.Nullable;

/**
 * What stands around every page.
 *
 * @param deployment name of the deployment
 * @param user who looks; empty where nobody is asked
 * @param mayCancel whether that one may cancel jobs
 * @param asOf how old the page is
 * @param trouble why it is not newer; absent when it is as new as it can be
 */
record Frame(
    String deployment, String user, boolean mayCancel, String asOf, @Nullable String trouble) {}
