package dev.espalier.worker.pages;

/** What somebody may do. */
final class Roles {
  /** Look at everything. */
  static final String VIEWER = "viewer";

  /** Also cancel jobs. */
  static final String OPERATOR = "operator";

  private Roles() {}
}
