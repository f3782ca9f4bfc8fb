package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fine-tuning is what lets nine of ten weights go: with it the gate opens, without it not. */
class RecoveryOnRealDataIT {
  private static final double POINT = 0.01;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void shouldPassAGateOfOnePointWhenFineTuned(RealModel model) throws IOException {
    EngineOutcome.Judged judged = model.prune(directory, /* recovering= */ true);

    assertThat(judged.result().verdict()).as(model.name()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().recovery()).isNull();
    assertThat(judged.result().sparsity()).isGreaterThanOrEqualTo(0.9);
    assertThat(judged.gate().upperBound()).isLessThanOrEqualTo(POINT);
  }

  @ParameterizedTest
  @EnumSource
  void shouldFailTheSameGateWhenNotFineTuned(RealModel model) throws IOException {
    EngineOutcome.Judged judged = model.prune(directory, /* recovering= */ false);

    assertThat(judged.result().reason().code()).isEqualTo(ReasonCode.GATE_FAILED);
    assertThat(judged.gate().drop()).isGreaterThan(10 * POINT);
  }
}
