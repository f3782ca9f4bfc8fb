package dev.espalier.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.Task;
import dev.espalier.engine.data.DataLimits;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.ValueInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {
  @Test
  void shouldHaveThousandImagesOfEachClassWhenTestPartIsRead() throws Exception {
    FashionMnist test = FashionMnist.test();
    Map<Integer, Long> perClass =
        IntStream.range(0, test.samples())
            .boxed()
            .collect(Collectors.groupingBy(test::label, Collectors.counting()));
    assertThat(perClass)
        .hasSize(FashionMnist.CLASSES)
        .allSatisfy((k, n) -> assertThat(n).isEqualTo(1_000));
  }

  @Test
  void shouldHaveAllClassesWhenTrainingPartIsRead() throws Exception {
    FashionMnist training = FashionMnist.train();
    Map<Integer, Long> perClass =
        IntStream.range(0, training.samples())
            .boxed()
            .collect(Collectors.groupingBy(training::label, Collectors.counting()));
    assertThat(perClass)
        .hasSize(FashionMnist.CLASSES)
        .allSatisfy((k, n) -> assertThat(n).isBetween(942L, 1_027L));
  }

  @Test
  void shouldComeBackEqualWhenEngineReadsNpz(@TempDir Path directory) throws Exception {
    // given
    FashionMnist images = FashionMnist.test().first(3);
    Path file = Files.write(directory.resolve("images.npz"), images.npz());
    // when
    Graph model =
        new Graph(
            13,
            List.of(new ValueInfo("in", DataType.FLOAT, List.of(-1L, 1L, 28L, 28L))),
            List.of(new ValueInfo("out", DataType.FLOAT, List.of(-1L, 10L))),
            List.of(),
            Map.of(),
            List.of());
    // then
    try (Dataset read =
        Dataset.read(file, model, null, null, DataLimits.ofThisProcess(directory))) {
      assertThat(read.task()).isEqualTo(Task.CLASSIFICATION);
      float[] pixels = read.batch(0, 1, 2).input("in").toFloats();
      for (int sample = 0; sample < images.samples(); sample++) {
        assertThat(read.label(sample)).isEqualTo(images.label(sample));
        for (int pixel = 0; pixel < FashionMnist.PIXELS; pixel++) {
          assertThat(pixels[sample * FashionMnist.PIXELS + pixel])
              .isEqualTo(images.pixel(sample, pixel));
        }
      }
    }
  }
}
