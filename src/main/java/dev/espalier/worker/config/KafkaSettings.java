package dev.espalier.worker.config;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Client properties: defaults first, then what the operator configured, then what exactly-once
 * delivery rests on, which therefore always holds.
 */
@Singleton
public class KafkaSettings {
  /** Longest a producer call blocks the poll thread; far below {@link #MAX_POLL_INTERVAL}. */
  public static final Duration MAX_BLOCK = Duration.ofSeconds(10);

  /** A worker silent for so long loses its partitions. Jobs do not count: they run elsewhere. */
  static final Duration MAX_POLL_INTERVAL = Duration.ofMinutes(5);

  /** An open transaction hides later records of its partition for at most this long. */
  static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(15);

  /** Records that one poll brings. */
  public static final int READ_AHEAD = 16;

  /**
   * What a reader holds of each broker's answer: results are small, and so is the worker's heap.
   */
  private static final int READER_FETCH_BYTES = 4 << 20;

  private final WorkerConfig config;

  KafkaSettings(WorkerConfig config) {
    this.config = config;
  }

  /**
   * For the one consumer: classic protocol, cooperative rebalances, offsets only by transaction.
   */
  public Map<String, Object> consumer() {
    Map<String, Object> settings = common();
    settings.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 15_000);
    settings.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
    settings.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, config.kafka().groupId());
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    settings.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, READ_AHEAD);
    settings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) MAX_POLL_INTERVAL.toMillis());
    return settings;
  }

  /**
   * For the producer of one input partition. Its transactional id is that of the partition, so that
   * the next owner fences this one and ends its open transaction at once.
   */
  public Map<String, Object> producer(String topic, int partition) {
    Map<String, Object> settings = common();
    String id = config.deployment() + "-" + topic + "-" + partition;
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, id);
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TRANSACTION_TIMEOUT.toMillis());
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
    return settings;
  }

  /** For the readiness check. */
  public Map<String, Object> admin() {
    Map<String, Object> settings = common();
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, config.deployment() + "-health");
    settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
    settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 3_000);
    return settings;
  }

  /**
   * For a reader beside the worker's own consumer: of no group, so that it takes no partition from
   * anyone and commits nothing.
   *
   * @param purpose end of its client id
   */
  public Map<String, Object> reader(String purpose) {
    Map<String, Object> settings = common();
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, config.deployment() + "-" + purpose);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, READER_FETCH_BYTES);
    settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
    settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 4_000);
    return settings;
  }

  private Map<String, Object> common() {
    Map<String, Object> settings = new HashMap<>(config.kafka().properties());
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.kafka().bootstrapServers());
    settings.putIfAbsent(CommonClientConfigs.CLIENT_ID_CONFIG, config.deployment());
    return settings;
  }
}
