package dev.espalier.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.engine.data.DataLimits;
import dev.espalier.engine.data.NpzReader;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
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
    Map<String, Tensor> arrays =
        new NpzReader(DataLimits.ofThisProcess()).read(file, List.of("x", "y"));
    // then
    assertThat(arrays.get("x").type()).isEqualTo(DataType.UINT8);
    assertThat(arrays.get("x").shape()).containsExactly(3L, 1L, 28L, 28L);
    assertThat(arrays.get("y").type()).isEqualTo(DataType.INT64);
    for (int sample = 0; sample < images.samples(); sample++) {
      assertThat(arrays.get("y").toLongs()[sample]).isEqualTo(images.label(sample));
      for (int pixel = 0; pixel < FashionMnist.PIXELS; pixel++) {
        assertThat(arrays.get("x").bytes().get(sample * FashionMnist.PIXELS + pixel) & 0xff)
            .isEqualTo(images.pixel(sample, pixel));
      }
    }
  }
}
