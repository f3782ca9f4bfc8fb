package dev.espalier.engine.format.keras;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeFieldsTest {
  private static final Map<String, List<Long>> SHAPES =
      Map.of(
          "l/kernel", List.of(3L, 3L, 7L, 5L),
          "l/pointwise_kernel", List.of(1L, 1L, 8L, 9L),
          "l/cell/recurrent_kernel", List.of(6L, 24L),
          "l/embeddings", List.of(100L, 11L),
          "l/layer/kernel", List.of(3L, 12L),
          "l/forward_layer/cell/recurrent_kernel", List.of(13L, 52L),
          "l/backward_layer/cell/recurrent_kernel", List.of(14L, 56L));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Dense | {'units':1} | {'units':5}",
        "Conv2D | {'filters':1,'groups':1} | {'filters':5,'groups':1}",
        "Conv2DTranspose | {'filters':1} | {'filters':7}",
        "SeparableConv2D | {'filters':1} | {'filters':9}",
        "DepthwiseConv2D | {'depth_multiplier':1} | {'depth_multiplier':1}",
        "LSTM | {'units':1} | {'units':6}",
        "GRU | {'units':1} | {'units':6}",
        "RNN | {'cell':{'config':{'units':1}}} | {'cell':{'config':{'units':6}}}",
        "Embedding | {'input_dim':1,'output_dim':1} | {'input_dim':100,'output_dim':11}",
        "BatchNormalization | {'axis':3} | {'axis':3}"
      })
  void shouldTakeTheSizeFromTheWeightThatHasIt(String type, String before, String after)
      throws IOException {
    assertThat(applied(type, before)).isEqualTo(json(after));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TimeDistributed | {'layer':{'class_name':'Dense','config':{'units':1}}}"
            + " | {'layer':{'class_name':'Dense','config':{'units':12}}}",
        "Bidirectional | {'layer':{'class_name':'LSTM','config':{'units':1}}}"
            + " | {'layer':{'class_name':'LSTM','config':{'units':13}}}",
        "Bidirectional | {'layer':{'class_name':'LSTM','config':{'units':1}},"
            + "'backward_layer':{'class_name':'GRU','config':{'units':1}}}"
            + " | {'layer':{'class_name':'LSTM','config':{'units':13}},"
            + "'backward_layer':{'class_name':'GRU','config':{'units':14}}}"
      })
  void shouldReachTheLayersThatWrappersHold(String type, String before, String after)
      throws IOException {
    assertThat(applied(type, before)).isEqualTo(json(after));
  }

  private static ObjectNode applied(String type, String before) throws IOException {
    ObjectNode config = json(before);
    new SizeFields(SHAPES).apply(type, config, "l/");
    return json(config.toString());
  }

  private static ObjectNode json(String text) throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
  }
}
