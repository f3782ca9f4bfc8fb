package dev.espalier.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.errors.ErrorResponseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every other integration test takes for granted of broker, store and their processes. */
class EmbeddedStackIT {
  private static final int RACERS = 16;
  private static final int RACES = 20;

  @TempDir private static Path directory;
  private static EmbeddedBroker broker;
  private static EmbeddedStore store;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(directory, 4);
    store = EmbeddedStore.start(directory);
  }

  @AfterAll
  static void stop() {
    broker.close();
    store.close();
  }

  @Test
  void shouldShowRecordAndOffsetTogetherWhenTransactionCommits() {
    // given
    TopicPartition in = new TopicPartition("model-trained", 0);
    OffsetAndMetadata next = new OffsetAndMetadata(1);
    try (KafkaConsumer<String, String> reader = reader();
        KafkaProducer<String, String> producer = transactionalProducer()) {
      producer.initTransactions();
      // when
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("model-pruned", "m", "aborted"));
      producer.sendOffsetsToTransaction(
          Map.of(in, new OffsetAndMetadata(9)), reader.groupMetadata());
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("model-pruned", "m", "committed"));
      producer.sendOffsetsToTransaction(Map.of(in, next), reader.groupMetadata());
      producer.commitTransaction();
      // then
      reader.subscribe(List.of("model-pruned"));
      List<String> seen = new ArrayList<>();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                for (ConsumerRecord<String, String> record : reader.poll(Duration.ofMillis(100))) {
                  seen.add(record.value());
                }
                return !seen.isEmpty();
              });
      assertThat(seen).containsExactly("committed");
      assertThat(reader.committed(Set.of(in))).containsEntry(in, next);
    }
  }

  @Test
  void shouldLetExactlyOneWinWhenExclusivePutsRace() throws Exception {
    // given
    MinioClient client = store.client();
    CyclicBarrier start = new CyclicBarrier(RACERS);
    ExecutorService racers = Executors.newFixedThreadPool(RACERS);
    try {
      for (int race = 0; race < RACES; race++) {
        String key = "race/" + race;
        // when
        List<Callable<Boolean>> puts = new ArrayList<>();
        for (int racer = 0; racer < RACERS; racer++) {
          String content = "racer " + racer;
          puts.add(
              () -> {
                start.await();
                return putExclusively(client, key, content);
              });
        }
        int winners = 0;
        for (Future<Boolean> put : racers.invokeAll(puts)) {
          winners += put.get() ? 1 : 0;
        }
        // then
        assertThat(winners).as(key).isEqualTo(1);
      }
    } finally {
      racers.shutdownNow();
    }
  }

  @Test
  void shouldRefuseWhenSecretKeyIsWrong() {
    MinioClient stranger =
        MinioClient.builder()
            .endpoint(store.endpoint())
            .credentials(store.accessKey(), "x")
            .build();
    assertThatThrownBy(() -> putExclusively(stranger, "stranger", ""))
        .isInstanceOfSatisfying(
            ErrorResponseException.class, e -> assertThat(e.response().code()).isEqualTo(403));
  }

  @Test
  void shouldGoOnWhereItWasWhenPausedStoreIsResumed() throws Exception {
    MinioClient client = store.client();
    client.setTimeout(500, 500, 500);
    store.pause();
    try {
      assertThatThrownBy(() -> putExclusively(client, "paused", ""))
          .isInstanceOf(IOException.class);
    } finally {
      store.resume();
    }
    assertThat(putExclusively(store.client(), "resumed", "")).isTrue();
    assertThat(
            store
                .client()
                .listObjects(
                    ListObjectsArgs.builder().bucket("espalier").prefix("resumed").build()))
        .hasSize(1);
  }

  @Test
  void shouldTakeChildrenDownWhenParentIsKilled(@TempDir Path directory) throws Exception {
    // given
    ServerJvm parent =
        ServerJvm.start(
            StoreParent.class,
            "64m",
            directory.resolve("parent.log"),
            Map.of(),
            directory.toString());
    List<URI> endpoints = Arrays.stream(parent.address().split(" ")).map(URI::create).toList();
    assertThat(endpoints).hasSize(2).allMatch(EmbeddedStackIT::listens);
    // when
    parent.process().kill();
    // then
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(endpoints).noneMatch(EmbeddedStackIT::listens));
  }

  private static boolean putExclusively(MinioClient client, String key, String content)
      throws Exception {
    byte[] bytes = content.getBytes(UTF_8);
    try {
      client.putObject(
          PutObjectArgs.builder()
              .bucket("espalier")
              .object(key)
              .headers(Map.of("If-None-Match", "*"))
              .stream(new ByteArrayInputStream(bytes), bytes.length, -1)
              .build());
      return true;
    } catch (ErrorResponseException e) {
      if (e.response().code() == 412) {
        return false;
      }
      throw e;
    }
  }

  private static boolean listens(URI endpoint) {
    try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
      return socket.isConnected();
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KafkaConsumer<String, String> reader() {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", broker.bootstrapServers(),
            "group.id", "embedded-stack",
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest",
            "enable.auto.commit", false);
    return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
  }

  private static KafkaProducer<String, String> transactionalProducer() {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", broker.bootstrapServers(), "transactional.id", "embedded-stack");
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }
}
