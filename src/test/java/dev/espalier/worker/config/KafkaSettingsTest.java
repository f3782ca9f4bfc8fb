package dev.espalier.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KafkaSettingsTest {

  @Test
  void shouldPassClientPropertiesOnWhenConfigured() {
    KafkaSettings settings =
        new KafkaSettings(TestConfig.with("espalier.kafka.properties.\"sasl.mechanism\"", "PLAIN"));
    assertThat(settings.consumer()).containsEntry("sasl.mechanism", "PLAIN");
    assertThat(settings.producer("t", 1)).containsEntry("sasl.mechanism", "PLAIN");
    assertThat(settings.admin()).containsEntry("sasl.mechanism", "PLAIN");
  }

  @Test
  void shouldKeepExactlyOnceSettingsWhenPropertiesContradictThem() {
    KafkaSettings settings =
        new KafkaSettings(
            TestConfig.with(
                "espalier.kafka.properties.\"isolation.level\"", "read_uncommitted",
                "espalier.kafka.properties.\"enable.auto.commit\"", "true",
                "espalier.kafka.properties.\"enable.idempotence\"", "false",
                "espalier.kafka.properties.\"acks\"", "0"));
    assertThat(settings.consumer())
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("enable.auto.commit", false);
    assertThat(settings.producer("t", 1))
        .containsEntry("enable.idempotence", true)
        .containsEntry("acks", "all");
  }

  @Test
  void shouldDeriveTransactionalIdFromPartitionAloneSoThatNextOwnerFencesFormer() {
    KafkaSettings settings = new KafkaSettings(TestConfig.with("espalier.deployment", "blue"));
    assertThat(settings.producer("model-trained", 7))
        .containsEntry("transactional.id", "blue-model-trained-7");
  }

  @Test
  void shouldJoinNoGroupWhenOnlyReading() {
    KafkaSettings settings =
        new KafkaSettings(
            TestConfig.with(
                "espalier.kafka.properties.\"group.id\"", "espalier",
                "espalier.kafka.properties.\"isolation.level\"", "read_uncommitted"));

    assertThat(settings.reader("pages"))
        .doesNotContainKey("group.id")
        .containsEntry("client.id", "espalier-pages")
        .containsEntry("enable.auto.commit", false)
        .containsEntry("isolation.level", "read_committed");
  }
}
