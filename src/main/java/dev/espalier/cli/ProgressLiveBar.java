package dev.espalier.cli;

import dev.espalier.contract.Progress;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar over the whole job with the stage, the last step and the time left. */
final class ProgressLiveBar implements ProgressDisplay {
  private static final long WHOLE = 1_000;
  private static final int COLUMNS = 110;

  private final ProgressBar bar =
      new ProgressBarBuilder()
          .setTaskName("espalier")
          .setInitialMax(WHOLE)
          .setUnit(" %", WHOLE / 100)
          .setStyle(ProgressBarStyle.ASCII)
          .setUpdateIntervalMillis(200)
          .setConsumer(new ConsoleProgressBarConsumer(System.err, COLUMNS))
          .build();
  private String stage = "starting";
  private String step = "";

  @Override
  public void accept(Progress progress) {
    if (progress instanceof Progress.StageStarted started) {
      stage = started.stage().name().toLowerCase(Locale.ROOT);
    } else if (progress instanceof Progress.StepFinished finished) {
      step = "; " + ProgressStepLines.describe(finished);
    } else if (progress instanceof Progress.Advanced advanced) {
      bar.stepTo(Math.round(WHOLE * advanced.fraction()));
    }
    bar.setExtraMessage(stage + step);
  }

  @Override
  public void close() {
    bar.close();
  }
}
