import java.io.File;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;

/** As OldModels, for the layers of sequences that versions from 0.9 on have. */
public final class OldSequences {
  private OldSequences() {}

  public static void main(String[] args) throws Exception {
    Nd4j.getRandom().setSeed(6);
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            OldModels.configuration()
                .list()
                .layer(
                    0,
                    new Convolution1DLayer.Builder(3)
                        .nIn(4)
                        .nOut(5)
                        .activation(Activation.TANH)
                        .build())
                .layer(1, new LSTM.Builder().nIn(5).nOut(6).activation(Activation.TANH).build())
                .layer(2, new GlobalPoolingLayer.Builder(PoolingType.MAX).build())
                .layer(3, OldModels.output(6))
                .setInputType(InputType.recurrent(4, 7))
                .build());
    network.init();
    OldModels.write(network, new File(args[0]), "sequence", Nd4j.rand(new int[] {3, 4, 7}));
  }
}
