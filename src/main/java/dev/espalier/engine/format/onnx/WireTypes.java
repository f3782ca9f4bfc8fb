package dev.espalier.engine.format.onnx;

import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.espalier.contract.Refusal;
import java.util.List;
import java.util.Map;

/**
 * Fields that the schema knows, encoded as another type. Protobuf sets them aside as unknown; who
 * goes by the field's number, as other readers of the file may, would see another model.
 */
final class WireTypes {
  private WireTypes() {}

  /**
   * Checks a message and all in it.
   *
   * @throws Refusal {@code model-malformed} naming the field
   */
  static void check(Message message) {
    for (int number : message.getUnknownFields().asMap().keySet()) {
      FieldDescriptor field = message.getDescriptorForType().findFieldByNumber(number);
      if (field != null) {
        throw new Refusal(
            MODEL_MALFORMED,
            "field '%s' is encoded as another type: export the model again"
                .formatted(field.getFullName()));
      }
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        if (field.getValue() instanceof List<?> several) {
          several.forEach(each -> check((Message) each));
        } else {
          check((Message) field.getValue());
        }
      }
    }
  }
}
