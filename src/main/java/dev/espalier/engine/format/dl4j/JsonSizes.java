package dev.espalier.engine.format.dl4j;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import dev.espalier.contract.ContractJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Replaces integers in a JSON document and keeps every other byte. */
final class JsonSizes {
  private JsonSizes() {}

  /**
   * The document with other integers at some places.
   *
   * @param json UTF-8
   * @param numbers by place
   */
  static byte[] replaced(byte[] json, Map<JsonPointer, Long> numbers) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length);
    int copied = 0;
    try (JsonParser parser = ContractJson.mapper().getFactory().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token != JsonToken.VALUE_NUMBER_INT) {
          continue;
        }
        Long number = numbers.get(parser.getParsingContext().pathAsPointer());
        if (number != null) {
          int start = (int) parser.currentTokenLocation().getByteOffset();
          out.write(json, copied, start - copied);
          out.writeBytes(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
          copied = start + parser.getTextLength();
        }
      }
    }
    out.write(json, copied, json.length - copied);
    return out.toByteArray();
  }
}
