package dev.espalier.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Verdict;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsPageTest {
  private static final Line.Size SIZE = new Line.Size(100L, 6_000, 5_000, 1_000L, 400L);

  private static final List<Line.Trial> TRIALS =
      List.of(
          new Line.Trial(0.8, true, 0.91),
          new Line.Trial(0.95, false, 0.82),
          new Line.Trial(0.9, true, 0.9));

  @Test
  void shouldShowMeanAndSampleDeviationOverSeeds() {
    ResultsPage page =
        new ResultsPage(
            List.of(
                line("targets/net/magnitude/0.9/1", 0.90, 0.91, 0.012, Verdict.PRUNED),
                line("targets/net/magnitude/0.9/2", 0.92, 0.94, 0.031, Verdict.REJECTED)));

    assertThat(page.render("a {{models targets}} b"))
        .startsWith("a | network |")
        .endsWith(
            "| net | 90 % | magnitude | 2 | 88.00 ± 0.00 | 91.00 ± 1.41 | 92.50 ± 2.12"
                + " | 1.50 ± 0.71 | 3.10 | 1 of 2 passed | b");
  }

  @Test
  void shouldPutEachSeriesInItsCellWhenGridHasSeveralColumns() {
    ResultsPage page =
        new ResultsPage(
            List.of(
                line("criteria/a/lamp/0.95/1", 0.8, 0.9, 0.1, Verdict.PRUNED),
                line("criteria/a/lamp/0.9/1", 0.81, 0.91, 0.1, Verdict.PRUNED),
                line("criteria/b/lamp/0.9/1", 0.82, 0.92, 0.1, Verdict.PRUNED),
                line("criteria/b/random/0.9/1", 0.12, 0.92, 0.1, Verdict.PRUNED)));

    assertThat(page.render("{{grid criteria}}"))
        .isEqualTo(
            """
            | accuracy, % | a, 90 % | a, 95 % | b, 90 % |
            |---|---|---|---|
            | lamp | 81.00 | 80.00 | 82.00 |
            | random |  |  | 12.00 |
            | dense control | 91.00 | 90.00 | 92.00 |""");
  }

  @Test
  void shouldTellRatiosOfBytes() {
    ResultsPage page =
        new ResultsPage(
            List.of(line("targets/net/magnitude/0.98/1", 0.9, 0.9, 0.01, Verdict.PRUNED)));

    assertThat(page.render("{{bytes targets}}"))
        .endsWith("| net | 98 % | magnitude | 100 | 6,000 | 5,000 | 1,000 | 5.0 | 400 | 15.0 |");
  }

  @Test
  void shouldTellRatiosOfArithmeticAndTime() {
    ResultsPage page =
        new ResultsPage(
            List.of(line("filters/net/filter-l2/0.5/1", 0.9, 0.9, 0.01, Verdict.PRUNED)));

    assertThat(page.render("{{speed filters}}"))
        .endsWith(
            "| net | 50 % | filter-l2 | 2,000 | 1,000 | 2.00 | 3.000 | 1.600 | 1.88 | 94 % |");
  }

  @Test
  void shouldAskForTrialThreePointsAboveWhatASearchHasFound() {
    Line found = line("search/lenet-5-3k/search/0.98/1", 0.9, 0.9, 0.01, Verdict.PRUNED);

    Run above = Experiments.following(found).orElseThrow();

    assertThat(above.effectivePolicy().schedule().values()).containsExactly(0.8, 0.9, 0.9 + 0.03);
    assertThat(above.effectivePolicy().search().enabled()).isTrue();
  }

  @Test
  void shouldAskForTheHighestSparsityWhenThereAreNoThreePointsAbove() {
    List<Line.Trial> trials = List.of(new Line.Trial(0.975, /* accepted= */ true, 0.96));
    Line found = line("search/lenet-5-3k/search/0.98/1", 0.9, 0.9, 0.01, Verdict.PRUNED, trials);

    Run above = Experiments.following(found).orElseThrow();

    assertThat(above.effectivePolicy().schedule().values()).containsExactly(0.975, 0.995);
  }

  @Test
  void shouldRefuseTableThatItDoesNotKnow() {
    assertThatThrownBy(() -> new ResultsPage(List.of()).render("{{pie targets}}"))
        .hasMessageContaining("pie targets");
  }

  @Test
  void shouldReadBackEveryLineThatWasAdded(@TempDir Path directory) throws Exception {
    Line line = line("targets/net/magnitude/0.9/1", 0.9, 0.91, 0.012, Verdict.PRUNED);
    new Lines(directory).add(line);

    Lines again = new Lines(directory);

    assertThat(again.all()).containsExactly(line);
    assertThat(again.has("targets/net/magnitude/0.9/2")).isFalse();
  }

  @Test
  void shouldGiveEveryRunAnIdOfItsOwnAndAValidPolicy() {
    List<Run> runs = Experiments.all();

    assertThat(runs).extracting(Run::id).doesNotHaveDuplicates();
    assertThat(runs)
        .allSatisfy(
            run -> {
              assertThat(run.effectivePolicy().target().sparsity()).isEqualTo(run.sparsity());
              assertThat(run.control().effectivePolicy().target().sparsity()).isZero();
              assertThat(epochs(run.control())).isEqualTo(epochs(run) + beforeTheFirst(run));
            });
  }

  private static int beforeTheFirst(Run run) {
    return run.method().equals("movement") ? run.effectivePolicy().recover().epochs() : 0;
  }

  private static int epochs(Run run) {
    return run.effectivePolicy().schedule().steps() * run.effectivePolicy().recover().epochs();
  }

  private static Line line(
      String id, double accuracy, double control, double bound, Verdict verdict) {
    return line(id, accuracy, control, bound, verdict, TRIALS);
  }

  private static Line line(
      String id,
      double accuracy,
      double control,
      double bound,
      Verdict verdict,
      List<Line.Trial> trials) {
    String[] parts = id.split("/", -1);
    return new Line(
        id,
        parts[2],
        Double.parseDouble(parts[3]),
        1,
        verdict,
        null,
        0.9,
        0.88,
        accuracy,
        null,
        0.01,
        new Line.Control(control, bound),
        5_000L,
        SIZE,
        new Line.Speed(2_000L, 1_000L, 3, 1.6, 1.8),
        trials,
        1.5,
        null,
        "test",
        LocalDate.EPOCH);
  }
}
