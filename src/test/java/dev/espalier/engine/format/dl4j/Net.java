package dev.espalier.engine.format.dl4j;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network of Deeplearning4j, whichever kind it is. */
record Net(NeuralNetwork network) {
  private static final double SPREAD = 0.2;

  /** Layers one after the other, with random weights and biases; a null type adds nothing. */
  static Net layers(InputType type, Layer... layers) {
    return layers(DataType.FLOAT, type, layers);
  }

  static Net layers(DataType dataType, InputType type, Layer... layers) {
    NeuralNetConfiguration.ListBuilder builder =
        configuration().dataType(dataType).list().validateOutputLayerConfig(false);
    for (Layer layer : layers) {
      builder.layer(layer);
    }
    if (type != null) {
      builder.setInputType(type);
    }
    MultiLayerNetwork network = new MultiLayerNetwork(builder.build());
    network.init();
    return random(new Net(network));
  }

  /** A graph to add vertices to. */
  static GraphBuilder graph(String... inputs) {
    return configuration().graphBuilder().validateOutputLayerConfig(false).addInputs(inputs);
  }

  /** A graph with random weights and biases. */
  static Net of(GraphBuilder builder) {
    ComputationGraph network = new ComputationGraph(builder.build());
    network.init();
    return random(new Net(network));
  }

  private static NeuralNetConfiguration.Builder configuration() {
    return new NeuralNetConfiguration.Builder().seed(7).weightInit(WeightInit.XAVIER);
  }

  private static Net random(Net net) {
    INDArray parameters = net.network.params();
    if (parameters != null && !parameters.isEmpty()) {
      parameters.addi(Nd4j.rand(parameters.dataType(), parameters.shape()).muli(SPREAD));
    }
    return net;
  }

  /** Saves it as users do, the updater's state included. */
  Path save(Path file) throws IOException {
    ModelSerializer.writeModel((Model) network, file.toFile(), true);
    return file;
  }

  /** Loads a file as users do. */
  static Net load(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] json = zip.getInputStream(zip.getEntry("configuration.json")).readAllBytes();
      boolean graph = new String(json, StandardCharsets.UTF_8).contains("networkInputs");
      return new Net(
          graph
              ? ModelSerializer.restoreComputationGraph(file.toFile(), true)
              : ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true));
    }
  }

  /** Its outputs, row-major. */
  List<float[]> output(List<INDArray> inputs) {
    INDArray[] outputs =
        network instanceof ComputationGraph graph
            ? graph.output(inputs.toArray(INDArray[]::new))
            : new INDArray[] {((MultiLayerNetwork) network).output(inputs.get(0))};
    return List.of(outputs).stream().map(Net::floats).toList();
  }

  /** Its parameters by Deeplearning4j's names. */
  Map<String, INDArray> parameters() {
    return ((Model) network).paramTable();
  }

  /** Elements, row-major. */
  static float[] floats(INDArray array) {
    return array.castTo(DataType.FLOAT).dup('c').data().asFloat();
  }
}
