package dev.espalier.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** A request whose answer is read as slowly as one likes, or not at all. */
final class RawRequest implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** So that the answer does not wait in this end's buffer. */
  private static final int SMALL_BUFFER = 4 << 10;

  private final Socket socket;
  private final StringBuilder text = new StringBuilder();

  private RawRequest(Socket socket) {
    this.socket = socket;
  }

  static RawRequest send(String address, String path, Map<String, String> headers)
      throws IOException {
    URI uri = URI.create(address);
    Socket socket = new Socket();
    socket.setReceiveBufferSize(SMALL_BUFFER);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
    StringBuilder request =
        new StringBuilder("GET %s HTTP/1.1\r\nHost: %s\r\n".formatted(path, uri.getAuthority()));
    headers.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
    socket.getOutputStream().write(request.append("\r\n").toString().getBytes(UTF_8));
    return new RawRequest(socket);
  }

  /**
   * What was answered up to some text.
   *
   * @throws EOFException when the answer ended without it
   */
  String awaitText(String awaited) throws IOException {
    while (text.indexOf(awaited) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new EOFException("no " + awaited + " in " + text);
      }
      text.append((char) next);
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
