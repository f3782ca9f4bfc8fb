package dev.espalier.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.espalier.contract.ModelFormat;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.detection.FormatDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A hostile, broken or merely unusual file.
 *
 * @param name what is wrong with it
 * @param code the reason it must be refused with; null when it must work
 * @param content makes its bytes
 * @param declared the format that the sender declares; null when none
 */
public record Hazard(
    String name, @Nullable ReasonCode code, Content content, @Nullable ModelFormat declared) {

  /** A file of which nothing is declared. */
  public Hazard(String name, @Nullable ReasonCode code, Content content) {
    this(name, code, content, null);
  }

  /** An unusual file that must work all the same. */
  public static Hazard allowed(String name, Content content) {
    return new Hazard(name, null, content);
  }

  /** The same file, declared to be of a format. */
  public Hazard as(ModelFormat format) {
    return new Hazard(name, code, content, format);
  }

  /** Makes a file's bytes. */
  public interface Content {
    /** The bytes. */
    byte[] bytes() throws IOException;
  }

  /** Opens it in {@code directory} and checks how that ends and that nothing else was written. */
  public void mustBeRefused(Path directory, @Nullable ModelFormat declared) throws IOException {
    Path file = directory.resolve("model");
    Files.write(file, content.bytes());

    Refusal refusal =
        catchThrowableOfType(
            Refusal.class, () -> FormatDetector.open(file, declared, FormatLimits.defaults()));

    assertThat(refusal).as("refused").isNotNull();
    assertThat(refusal.reason().code()).as(refusal.getMessage()).isEqualTo(code);
    assertThat(directory).isDirectoryContaining(path -> path.equals(file));
    assertThat(directory.toFile().list()).hasSize(1);
  }

  @Override
  public String toString() {
    return name;
  }
}
