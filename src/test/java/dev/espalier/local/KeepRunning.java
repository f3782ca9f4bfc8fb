package dev.espalier.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells how to send one's own event to a demo that stays up. */
final class KeepRunning {
  private static final String TEXT =
      """

      The stack stays up; Ctrl-C ends it.
        Kafka       %s
        S3          %s  (access key and secret key: %s)
        worker log  %s
      Send an event of your own, from another terminal:
        java @%s %s --stack %s \\
            --model model.onnx --data val.npz --train train.npz --policy gradual-90
      (--help lists all options. Without any model at hand, take the demo's:
        --model %s --data %s --train %s --scale 0.00392156862745098)
      """;

  private KeepRunning() {}

  /** Writes the address file and the class path, and prints the commands that use them. */
  static void print(Path directory, StackAddress address, Path workerLog) throws IOException {
    Path stack = directory.resolve("stack.properties");
    address.write(stack);
    // An argument file of the java launcher: the class path is too long for a terminal.
    Path launch = directory.resolve("java.args");
    Files.writeString(
        launch,
        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager\n-cp \""
            + ServerJvm.classPath()
            + "\"\n");
    Path store = directory.resolve("store");
    Path sets = store.resolve("datasets").resolve("fashion-mnist");
    System.out.printf(
        TEXT,
        address.bootstrapServers(),
        address.endpoint(),
        stack,
        workerLog,
        launch,
        SendEvent.class.getName(),
        stack,
        store.resolve(Path.of("models", "fashion-cnn", "1", "model.zip")),
        sets.resolve("val.npz"),
        sets.resolve("train.npz"));
  }
}
