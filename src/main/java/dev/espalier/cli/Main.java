package dev.espalier.cli;

import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * The program's entry point. The command is chosen before the container exists: only {@code serve}
 * boots it, so that every other command starts at once, opens no port and connects nowhere.
 */
@QuarkusMain
public final class Main {
  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(CommandTree.commandLine().execute(arguments));
  }
}
