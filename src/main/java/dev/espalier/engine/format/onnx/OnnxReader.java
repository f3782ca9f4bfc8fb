package dev.espalier.engine.format.onnx;

import static dev.espalier.contract.ReasonCode.DOES_NOT_FIT;
import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;

import com.google.protobuf.CodedInputStream;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.onnx.proto.ModelProto;
import dev.espalier.engine.graph.Graph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/**
 * Reads ONNX files, as the <a href="https://onnx.ai/onnx/repo-docs/IR.html">IR specification</a>
 * defines them. The file is mapped, scanned against the limits, and only then parsed.
 */
public final class OnnxReader {
  /** Protobuf messages cannot be larger. */
  private static final long MAX_MESSAGE_BYTES = Integer.MAX_VALUE;

  private OnnxReader() {}

  /**
   * Reads a model. The file must stay as it is while the result is in use: writing copies it.
   *
   * @throws IOException when the file cannot be read
   * @throws Refusal when the model is malformed, exceeds a limit, or uses what is not supported
   */
  public static SourceModel read(Path file, FormatLimits limits) throws IOException {
    ByteBuffer bytes = map(file, limits);
    ModelProto model;
    try {
      WireScan.scan(CodedInputStream.newInstance(bytes.duplicate()), limits);
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      in.enableAliasing(true);
      model = ModelProto.parseFrom(in);
    } catch (IOException e) {
      throw new Refusal(
          MODEL_MALFORMED,
          "the file is not a complete ONNX model (%s): upload it again".formatted(e.getMessage()),
          e);
    }
    WireTypes.check(model);
    if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
      throw new Refusal(MODEL_INCOMPLETE, "the ONNX file holds no graph with nodes");
    }
    int opset = OnnxVersions.opset(model);
    Functions.Inlined inlined = Functions.inline(model, opset, limits);
    GraphChecks.check(inlined.graph());
    Graph graph = new GraphDecoder(inlined.graph(), limits).decode(opset, inlined.inner());
    return new OnnxModel(file, producer(model), model.getIrVersion(), graph);
  }

  private static ByteBuffer map(Path file, FormatLimits limits) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long largest = Math.min(MAX_MESSAGE_BYTES, limits.fileBytes());
      if (channel.size() > largest) {
        throw new Refusal(
            DOES_NOT_FIT,
            "the ONNX file has %,d bytes, at most %,d are read".formatted(channel.size(), largest));
      }
      return channel.map(MapMode.READ_ONLY, 0, channel.size());
    }
  }

  private static String producer(ModelProto model) {
    return (model.getProducerName() + " " + model.getProducerVersion()).strip();
  }
}
