package dev.espalier.engine.train;

import dev.espalier.contract.Task;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.graph.Graph;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;

/**
 * Prints how many training samples per second of processor time one thread recovers. Run on the
 * test class path, with the native variant to measure:
 *
 * <pre>
 * ./mvnw -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test.cp
 * OMP_NUM_THREADS=1 java -Dorg.bytedeco.javacpp.platform.extension=-onednn-avx2 \
 *   -cp target/classes:target/test-classes:$(cat target/test.cp) \
 *   dev.espalier.engine.train.RecoveryThroughput
 * </pre>
 */
final class RecoveryThroughput {
  private RecoveryThroughput() {}

  public static void main(String[] args) {
    measure("guide's CNN, batch 128", Models.guideCnn(), 128, 1280, 1, 28, 28);
    measure("LeNet-300-100, batch 100", Models.mlp(784, 300, 100, 10), 100, 10_000, 784);
  }

  private static void measure(String name, Graph graph, int batch, int samples, long... sample) {
    Samples data = Samples.prototypes(samples, 10, sample);
    var settings =
        TestPolicies.recover("epochs: 1, optimizer: adam, learning-rate: 0.001, batch: " + batch);
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    try (Recovery recovery = new Recovery(graph, Task.CLASSIFICATION, settings, 1)) {
      for (int round = 0; round < 8; round++) {
        long start = clock.getCurrentThreadCpuTime();
        recovery.run(graph.initializers(), Map.of(), data, round, n -> {});
        double seconds = (clock.getCurrentThreadCpuTime() - start) / 1e9;
        System.out.printf("%s, round %d: %,.0f samples/CPU-s%n", name, round, samples / seconds);
      }
    }
  }
}
