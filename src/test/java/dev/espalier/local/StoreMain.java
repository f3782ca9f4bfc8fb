package dev.espalier.local;

import java.io.PrintStream;
import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * An S3 server over a directory. Arguments: the directory, the access key and, to be reached from
 * elsewhere than on a free port of loopback, host and port; the secret key comes in the
 * environment, where the process list does not show it. Prints its endpoint.
 */
final class StoreMain {
  static final String SECRET_KEY = "STORE_SECRET_KEY";

  private StoreMain() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream announcement = System.out;
    System.setOut(System.err);
    String accessKey = arguments[1];
    String address = arguments.length > 2 ? arguments[2] : "127.0.0.1:0";
    String secretKey = System.getenv(SECRET_KEY);
    S3Proxy server =
        S3Proxy.builder()
            .endpoint(URI.create("http://" + address))
            .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
            .blobStore(new FilesystemNio2BlobStore(arguments[0]))
            .build();
    server.start();
    announcement.println("http://127.0.0.1:" + server.getPort());
    announcement.flush();
  }
}
