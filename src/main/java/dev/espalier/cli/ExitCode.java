package dev.espalier.cli;

import dev.espalier.contract.Verdict;

/** How a command ends; part of the contract. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILURE = 1;
  static final int USAGE = 2;
  static final int NOT_ACCEPTED = 3;
  static final int REFUSED = 4;

  private ExitCode() {}

  static int of(Verdict verdict) {
    return switch (verdict) {
      case PRUNED -> DONE;
      case REJECTED, NO_BENEFIT -> NOT_ACCEPTED;
      case REFUSED -> REFUSED;
      case FAILED, SUPERSEDED -> FAILURE;
    };
  }
}
