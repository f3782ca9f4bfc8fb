package dev.espalier.cli;

import dev.espalier.contract.ReasonCode;
import dev.espalier.worker.operation.Letter;
import dev.espalier.worker.operation.Operations;
import dev.espalier.worker.operation.Selection;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code espalier redrive}: sends dead letters back. */
@Command(
    name = "redrive",
    description = {
      "Lists dead letters, and with --execute sends them back to the input topic: key, value and"
          + " headers as they came, in the partition they came from.",
      "Each is sent back once; one that fails again is a new letter.",
      OperatorCommand.SETTINGS
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RedriveCommand extends OperatorCommand {
  @Option(
      names = "--reason",
      paramLabel = "CODE",
      converter = Code.class,
      description = "Only letters with this reason, for example schema-violation; may be repeated.")
  private Set<ReasonCode> reasons = EnumSet.noneOf(ReasonCode.class);

  @Option(
      names = "--partition",
      paramLabel = "N",
      description = "Only letters in this partition of their topic.")
  private @Nullable Integer partition;

  @Option(
      names = "--offset",
      paramLabel = "N",
      description = "Only the letter at this offset of --partition.")
  private @Nullable Long offset;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Time.class,
      description = "Only letters written then or later, for example 2026-12-01T08:00:00Z.")
  private @Nullable Instant since;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1000",
      description = "At most so many letters, 1 to 100000; ${DEFAULT-VALUE} when absent.")
  private int limit;

  @Option(names = "--dry-run", description = "Only list; the default.")
  private boolean dryRun;

  @Option(names = "--execute", description = "Send the letters back.")
  private boolean execute;

  @Override
  void check() {
    if (dryRun && execute) {
      throw usage("--dry-run and --execute exclude each other");
    }
    if (offset != null && partition == null) {
      throw usage("--offset needs --partition");
    }
    if (limit < 1 || limit > 100_000) {
      throw usage("--limit: " + limit + " is not from 1 to 100000");
    }
  }

  @Override
  int call(Operations operations) throws IOException {
    List<Letter> letters =
        operations.redrive(new Selection(reasons, partition, offset, since, limit), execute);
    long waiting = count(letters, Letter.State.WAITING);
    String lines = letters.stream().map(RedriveCommand::line).collect(Collectors.joining());
    print(
        Map.of("executed", execute, "letters", letters),
        lines
            + (execute
                ? count(letters, Letter.State.REDRIVEN) + " sent back"
                : waiting + " can be sent back; add --execute to do so"));
    return ExitCode.DONE;
  }

  private static long count(List<Letter> letters, Letter.State state) {
    return letters.stream().filter(letter -> letter.state() == state).count();
  }

  private static String line(Letter letter) {
    return "%s-%d offset %d  %s  %s  %s: %s%n"
        .formatted(
            letter.at().topic(),
            letter.at().partition(),
            letter.at().offset(),
            letter.time(),
            letter.state().wire(),
            letter.reason(),
            letter.message().replaceAll("\\p{Cntrl}", " "));
  }

  private static final class Code implements ITypeConverter<ReasonCode> {
    @Override
    public ReasonCode convert(String value) {
      try {
        return ReasonCode.of(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'" + value + "' is no reason code");
      }
    }
  }

  private static final class Time implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String value) {
      try {
        return Instant.parse(value);
      } catch (DateTimeParseException e) {
        throw new TypeConversionException("'" + value + "' is no time like 2026-12-01T08:00:00Z");
      }
    }
  }
}
