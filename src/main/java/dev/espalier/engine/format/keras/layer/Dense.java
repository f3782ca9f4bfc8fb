package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.Arrangement;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.ValueInfo;
import java.util.List;
import java.util.Map;

/** A matrix product over the last axis: kernel [in, units], bias [units]. */
final class Dense implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Value input = call.graph().asKeras(call.input());
    int units = call.config().integer("units", 1);
    long in = input.dimension(-1);
    if (in == ValueInfo.UNKNOWN) {
      throw call.unsupported("the size of its input is not known");
    }
    Arrangement asKeras = Arrangement.asKeras();
    String kernel = call.weights().take("kernel", Role.KERNEL, asKeras, in, units);
    boolean biased = call.config().flag("use_bias", true);
    String bias = biased ? call.weights().take("bias", Role.BIAS, asKeras, units) : "";
    Value output = input.withLast(units);
    if (input.rank() == 2 && biased) {
      output = output.renamed(call.append("Gemm", Map.of(), input.name(), kernel, bias));
    } else {
      output = output.renamed(call.append("MatMul", Map.of(), input.name(), kernel));
      if (biased) {
        output = output.renamed(call.append("Add", Map.of(), output.name(), bias));
      }
    }
    return List.of(Activation.apply(call, output));
  }
}
