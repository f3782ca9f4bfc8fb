package dev.espalier.engine.checkpoint;

import dev.espalier.contract.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The checkpoints of one job, one file per step. */
public final class Checkpoints {
  private static final System.Logger LOG = System.getLogger(Checkpoints.class.getName());
  private static final Pattern NAME = Pattern.compile("([0-9]{1,9})\\.checkpoint");

  private final Path directory;
  private final Sha256 job;

  /**
   * Checkpoints in a directory, which is created.
   *
   * @param job digest of everything that determines the job: only its checkpoints are used
   */
  public Checkpoints(Path directory, Sha256 job) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.job = job;
  }

  /**
   * Writes a checkpoint; it appears whole or not at all.
   *
   * @return the name of its file
   */
  public String write(Candidate candidate) throws IOException {
    Path target = directory.resolve(candidate.step() + ".checkpoint");
    Path partial = directory.resolve(candidate.step() + ".partial");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial))) {
      CheckpointFile.write(out, job, candidate);
    }
    Files.move(
        partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return target.getFileName().toString();
  }

  /** The checkpoint of the latest step that is whole and of this job. */
  public Optional<Candidate> newest() throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(directory)) {
      files =
          listed
              .filter(file -> step(file) >= 0)
              .sorted(Comparator.comparingInt(Checkpoints::step).reversed())
              .toList();
    }
    for (Path file : files) {
      try {
        return Optional.of(CheckpointFile.read(file, job));
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "checkpoint {0} ignored: {1}", file.getFileName(), e);
      }
    }
    return Optional.empty();
  }

  /**
   * The checkpoint of one step.
   *
   * @throws IOException when there is none that is whole and of this job
   */
  public Candidate read(int step) throws IOException {
    return CheckpointFile.read(directory.resolve(step + ".checkpoint"), job);
  }

  private static int step(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    return name.matches() ? Integer.parseInt(name.group(1)) : -1;
  }
}
