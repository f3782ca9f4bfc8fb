package dev.espalier.engine;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Progress;
import dev.espalier.contract.Sha256;
import dev.espalier.engine.compress.SparseArchiveReader;
import dev.espalier.engine.format.FormatLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes the file again that a sparse archive holds. */
final class UnpackJob {
  private final JobSpec spec;
  private final Monitor monitor;

  UnpackJob(JobSpec spec, Monitor monitor) {
    this.spec = spec;
    this.monitor = monitor;
  }

  EngineOutcome run() throws IOException {
    monitor.stage(Progress.Stage.WRITE);
    Path file = OutputFile.directory(spec).resolve(JobSpec.UNPACKED);
    Files.deleteIfExists(file);
    Sha256 sha256 =
        SparseArchiveReader.unpack(spec.model(), file, FormatLimits.defaults().fileBytes());
    return new EngineOutcome.Unpacked(sha256, Files.size(file));
  }
}
