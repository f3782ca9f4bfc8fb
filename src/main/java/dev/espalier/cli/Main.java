package dev.espalier.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.ObjectInputFilter;

/**
 * The program's entry point. The command is chosen before the container exists: only {@code serve}
 * boots it, so that every other command starts at once, opens no port and connects nowhere.
 */
@QuarkusMain
public final class Main {
  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    refuseSerializedObjects();
    System.exit(CommandTree.commandLine().execute(arguments));
  }

  /** Nothing here reads serialised Java objects; a filter given on the command line stands. */
  private static void refuseSerializedObjects() {
    if (ObjectInputFilter.Config.getSerialFilter() == null) {
      ObjectInputFilter.Config.setSerialFilter(ObjectInputFilter.Config.createFilter("!*"));
    }
  }
}
