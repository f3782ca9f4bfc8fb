package dev.espalier.isolation;

import static dev.espalier.contract.ReasonCode.CANCELLED;
import static dev.espalier.contract.ReasonCode.DEADLINE_EXCEEDED;
import static dev.espalier.contract.ReasonCode.DOES_NOT_FIT;
import static dev.espalier.contract.ReasonCode.ENGINE_CRASHED;
import static dev.espalier.contract.ReasonCode.ENGINE_OUT_OF_MEMORY;
import static dev.espalier.contract.ReasonCode.ENGINE_STALLED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;
import static org.awaitility.Awaitility.await;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Progress;
import dev.espalier.contract.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EnginesTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SHORT = Duration.ofSeconds(4);
  private static final EngineLimits AMPLE = limits(LONG, LONG);

  @TempDir Path directory;
  private final List<Progress> heard = new CopyOnWriteArrayList<>();
  private Engines engines;

  @AfterEach
  void endEngines() {
    engines.close();
  }

  @Test
  void shouldReturnTheOutcomeWhenTheEngineWroteOne() throws Exception {
    Files.writeString(directory.resolve(JobSpec.OUTCOME_FILE), "left by an earlier attempt");

    EngineRun run = start("succeed", AMPLE);

    assertThat(run.await()).isEqualTo(new EngineOutcome.Verified(1, 2, 3));
    assertThat(heard)
        .containsExactly(new Progress.Ready(), new Progress.StepFinished(1, 1, 0.5, 0.9));
    assertThat(run.residentBytes()).isEmpty();
  }

  @Test
  void shouldKnowNothingOfThisProcessWhenTheEngineRuns() throws Exception {
    assertThat(start("environment", AMPLE).await()).isInstanceOf(EngineOutcome.Verified.class);

    assertThat(Files.readAllLines(directory.resolve("environment")))
        .containsExactlyInAnyOrder(
            "CLASSPATH",
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "MALLOC_ARENA_MAX",
            "TMPDIR",
            "LC_ALL",
            "ORT_DISABLE_TELEMETRY");
    assertThat(Path.of(Files.readString(directory.resolve("scratch")))).hasParent(directory);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("cache"))))
        .isEqualTo("rwx------");
  }

  @Test
  void shouldQuoteTheEnginesLastWordsWhenItCrashes() throws Exception {
    Reason reason = failure(start("crash", AMPLE));

    assertThat(reason.code()).isEqualTo(ENGINE_CRASHED);
    assertThat(reason.message()).contains("exit 7").contains("the kernel went missing");
  }

  @Test
  void shouldNameTheSignalWhenTheEngineIsKilledFromOutside() throws Exception {
    EngineRun run = start("busy", AMPLE);
    ProcessHandle.of(run.pid()).orElseThrow().destroyForcibly();

    Reason reason = failure(run);

    assertThat(reason.code()).isEqualTo(ENGINE_CRASHED);
    assertThat(reason.message()).contains("signal 9");
  }

  @Test
  void shouldPassOverGarbageAndBoundTheLogWhenOutputIsNotProgress() throws Exception {
    EngineRun run = start("garbage", AMPLE);

    assertThat(run.await()).isInstanceOf(EngineOutcome.Verified.class);
    assertThat(heard).containsExactly(new Progress.Advanced(0.5));
    assertThat(directory.resolve(EngineLog.FILE)).hasSize(EngineLog.MAX_FILE_BYTES);
  }

  @Test
  void shouldEndTheEngineWhenItOnlyBabbles() throws Exception {
    assertThat(failure(start("babble", limits(SHORT, LONG))).code()).isEqualTo(ENGINE_STALLED);
  }

  @Test
  void shouldEndTheEngineWhenItsHeartBeatsButNoWorkIsDone() throws Exception {
    assertThat(failure(start("hung-heart", limits(SHORT, LONG))).code()).isEqualTo(ENGINE_STALLED);
  }

  @Test
  void shouldEndTheEngineWhenTheDeadlinePassesWhileItWorks() throws Exception {
    EngineRun run = start("busy", limits(LONG, SHORT));

    assertThat(failure(run).code()).isEqualTo(DEADLINE_EXCEEDED);
    assertThat(ProcessHandle.of(run.pid())).isEmpty();
  }

  @Test
  void shouldSayOutOfMemoryWhenTheHeapIsExhausted() throws Exception {
    assertThat(failure(start("exhaust-heap", AMPLE)).code()).isEqualTo(ENGINE_OUT_OF_MEMORY);
  }

  @Test
  void shouldEndTheEngineWhenItsMemoryPassesTheBudget() throws Exception {
    EngineLimits small = new EngineLimits(32 << 20, 160 << 20, LONG, LONG);

    Reason reason = failure(start("fill-memory", small));

    assertThat(reason.code()).isEqualTo(ENGINE_OUT_OF_MEMORY);
    assertThat(reason.message()).contains("160.0 MiB");
  }

  @Test
  void shouldEndTheEngineWhenItsFilesPassTheQuota() throws Exception {
    EngineLimits small = new EngineLimits(64 << 20, 1 << 30, 1 << 20, LONG, LONG);

    Reason reason = failure(start("fill-disk", small));

    assertThat(reason.code()).isEqualTo(DOES_NOT_FIT);
    assertThat(reason.message()).contains("1.000 MiB");
  }

  @Test
  void shouldBlameTheDiskAndNotTheInputWhenItTakesNoMore() throws Exception {
    EngineRun run = start("read-only-disk", AMPLE);

    EngineOutcome outcome = run.await();

    assertThat(outcome).isInstanceOf(EngineOutcome.Hindered.class);
    assertThat(((EngineOutcome.Hindered) outcome).reason().message())
        .contains(directory.toString(), "takes no more");
  }

  @Test
  void shouldGiveTheReasonWhenARunIsCancelled() throws Exception {
    Reason why = new Reason(CANCELLED, "a newer version arrived");
    EngineRun run = start("busy", AMPLE);
    await().until(() -> !heard.isEmpty());
    assertThat(run.residentBytes().orElseThrow()).isGreaterThan(1 << 20);

    run.cancel(why);
    run.cancel(new Reason(CANCELLED, "too late"));

    assertThat(failure(run)).isEqualTo(why);
    assertThat(failure(run)).isEqualTo(why);
    assertThat(ProcessHandle.of(run.pid())).isEmpty();
  }

  @Test
  void shouldEndEveryEngineWhenClosed() throws Exception {
    EngineRun run = start("busy", AMPLE);

    engines.close();

    assertThat(failure(run).code()).isEqualTo(CANCELLED);
  }

  @Test
  void shouldDistrustTheOutcomeWhenItIsBrokenOrALink() throws Exception {
    assertThat(failure(start("broken-outcome", AMPLE)).code()).isEqualTo(ENGINE_CRASHED);
    engines.close();
    assertThat(failure(start("linked-outcome", AMPLE)).message()).contains("not a file");
  }

  @Test
  void shouldFallBackToTheBaseKernelsWhenTheCpuLacksAnInstruction() throws Exception {
    engines = new Engines(command(NativeVariant.AVX2));

    EngineRun run = engines.start(spec("illegal-instruction", directory), AMPLE, heard::add);

    assertThat(run.await()).isInstanceOf(EngineOutcome.Verified.class);
    assertThat(heard).containsExactly(new Progress.Ready(), new Progress.Ready());
  }

  @Test
  void shouldRefuseToStartWhenThereIsNoWorkDirectory() {
    engines = new Engines(command(NativeVariant.BASE));

    assertThat(
            catchException(
                () -> engines.start(spec("succeed", directory.resolve("gone")), AMPLE, heard::add)))
        .isInstanceOf(java.io.IOException.class);
  }

  private EngineRun start(String script, EngineLimits limits) throws Exception {
    engines = new Engines(command(NativeVariant.BASE));
    return engines.start(spec(script, directory), limits, heard::add);
  }

  private EngineCommand command(NativeVariant variant) {
    return new EngineCommand(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        FakeEngine.class.getName(),
        directory.resolve("cache"),
        variant,
        List.of());
  }

  private static JobSpec spec(String script, Path work) {
    return JobSpec.of(JobSpec.Operation.INSPECT, work, work.resolve(script), 1);
  }

  private static EngineLimits limits(Duration stall, Duration deadline) {
    return new EngineLimits(64 << 20, 1 << 30, stall, deadline);
  }

  private static Reason failure(EngineRun run) throws InterruptedException {
    return ((EngineOutcome.Failed) run.await()).reason();
  }
}
