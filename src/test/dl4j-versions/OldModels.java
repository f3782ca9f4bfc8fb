import java.io.File;
import java.io.PrintWriter;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks that an old Deeplearning4j builds, saves and predicts with; see README.md. */
public final class OldModels {
  private OldModels() {}

  public static void main(String[] args) throws Exception {
    File directory = new File(args[0]);
    Nd4j.getRandom().setSeed(5);
    write(cnn(), directory, "cnn", Nd4j.rand(new int[] {3, 72}));
    write(graph(), directory, "graph", Nd4j.rand(new int[] {3, 6}), Nd4j.rand(new int[] {3, 4}));
  }

  static NeuralNetConfiguration.Builder configuration() {
    return new NeuralNetConfiguration.Builder().seed(7).weightInit(WeightInit.XAVIER);
  }

  static OutputLayer output(int in) {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nIn(in)
        .nOut(3)
        .activation(Activation.SOFTMAX)
        .build();
  }

  private static DenseLayer dense(int in, Activation activation) {
    return new DenseLayer.Builder().nIn(in).nOut(5).activation(activation).build();
  }

  private static Model cnn() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            configuration()
                .list()
                .layer(
                    0,
                    new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .stride(1, 1)
                        .convolutionMode(ConvolutionMode.Same)
                        .activation(Activation.LEAKYRELU)
                        .build())
                .layer(
                    1,
                    new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(2, new BatchNormalization.Builder().build())
                .layer(3, new DenseLayer.Builder().nOut(6).dropOut(0.6).activation(Activation.TANH).build())
                .layer(4, output(6))
                .setInputType(InputType.convolutionalFlat(6, 6, 2))
                .build());
    network.init();
    return network;
  }

  private static Model graph() {
    ComputationGraph network =
        new ComputationGraph(
            configuration()
                .graphBuilder()
                .addInputs("first", "second")
                .addLayer("left", dense(6, Activation.RELU), "first")
                .addLayer("right", dense(4, Activation.SIGMOID), "second")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "left", "right")
                .addVertex("both", new MergeVertex(), "sum", "right")
                .addLayer("late", dense(10, Activation.ELU), "both")
                .addLayer("early", dense(5, Activation.SOFTPLUS), "left")
                .addVertex("all", new MergeVertex(), "late", "early")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(10)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build(),
                    "all")
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }

  static void write(Model model, File directory, String name, INDArray... inputs)
      throws Exception {
    INDArray parameters = model.params();
    parameters.addi(Nd4j.rand(parameters.shape()).muli(0.2));
    ModelSerializer.writeModel(model, new File(directory, name + ".zip"), true);
    try (PrintWriter out = new PrintWriter(new File(directory, name + ".txt"), "UTF-8")) {
      for (INDArray input : inputs) {
        out.println(text("input", input));
      }
      INDArray output =
          model instanceof ComputationGraph
              ? ((ComputationGraph) model).output(inputs)[0]
              : ((MultiLayerNetwork) model).output(inputs[0]);
      out.println(text("output", output));
      for (Map.Entry<String, INDArray> parameter : model.paramTable().entrySet()) {
        out.println(text(parameter.getKey(), parameter.getValue()));
      }
    }
  }

  /** A name, then the elements with the last axis changing fastest. */
  private static String text(String name, INDArray array) {
    StringBuilder line = new StringBuilder(name);
    INDArray ordered = array.dup('c');
    INDArray flat = Nd4j.toFlattened('c', ordered);
    for (int i = 0; i < flat.length(); i++) {
      line.append(' ').append(flat.getDouble(i));
    }
    return line.toString();
  }
}
