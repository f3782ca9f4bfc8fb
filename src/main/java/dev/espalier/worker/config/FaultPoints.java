package dev.espalier.worker.config;

import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Halts the process, as {@code kill -9} would, when it passes the configured place. Nothing happens
 * unless {@code espalier.fault-point} is set.
 */
@Singleton
public class FaultPoints {
  /** The status of a process ended by SIGKILL, as shells report it. */
  public static final int EXIT_STATUS = 137;

  private final Optional<FaultPoint> armed;

  FaultPoints(WorkerConfig config) {
    this.armed = config.faultPoint();
  }

  /** Marks a place; does not return when it is the configured one. */
  public void pass(FaultPoint point) {
    if (armed.filter(point::equals).isPresent()) {
      Runtime.getRuntime().halt(EXIT_STATUS);
    }
  }
}
