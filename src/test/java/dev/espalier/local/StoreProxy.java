package dev.espalier.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;

/**
 * Stands between a client and a real store and lets the network, or the store, have bad moments.
 * Requests pass unchanged, signatures included.
 */
public final class StoreProxy implements AutoCloseable {
  private static final long DROP_NANOS = 30_000_000;

  private final OkHttpClient client = new OkHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final String target;
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Weather weather = request -> Moment.FAIR;

  private StoreProxy(HttpServer server, String target) {
    this.server = server;
    this.target = target;
  }

  /** How a request fares. */
  public enum Moment {
    /** It reaches the store. */
    FAIR,
    /** The store answers that it is overloaded. */
    OVERLOADED,
    /** The store answers that this one may not. */
    FORBIDDEN,
    /** The store answers that clocks differ by too much. */
    SKEWED,
    /** The answer comes in drops. */
    SLOW,
    /** The answer breaks off in the middle. */
    BROKEN
  }

  /** Decides how requests fare. */
  public interface Weather {
    /** How this one fares; {@code request} is method and path. */
    Moment at(String request);
  }

  /** Starts a proxy before a store. */
  public static StoreProxy before(String endpoint) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    StoreProxy proxy = new StoreProxy(HttpServer.create(any, 0), endpoint);
    proxy.server.setExecutor(proxy.threads);
    proxy.server.createContext("/", proxy::handle);
    proxy.server.start();
    return proxy;
  }

  /** The address for clients. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Changes the weather for requests from now on. */
  public void set(Weather next) {
    requests.set(0);
    weather = next;
  }

  /** Lets the next requests fare like that, and all after them well. */
  public void next(int count, Moment moment) {
    AtomicInteger left = new AtomicInteger(count);
    set(request -> left.getAndDecrement() > 0 ? moment : Moment.FAIR);
  }

  /** Requests since the weather was last set. */
  public int requests() {
    return requests.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    Moment moment =
        weather.at(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
    try (exchange) {
      switch (moment) {
        case OVERLOADED -> refuse(exchange, 503, "SlowDown");
        case FORBIDDEN -> refuse(exchange, 403, "AccessDenied");
        case SKEWED -> refuse(exchange, 403, "RequestTimeTooSkewed");
        default -> forward(exchange, moment);
      }
    }
  }

  private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] body = "<Error><Code>%s</Code></Error>".formatted(code).getBytes();
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().add("Content-Type", "application/xml");
    exchange.sendResponseHeaders(status, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  private void forward(HttpExchange exchange, Moment moment) throws IOException {
    Request.Builder request = new Request.Builder().url(target + exchange.getRequestURI());
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> values.forEach(value -> request.addHeader(name, value)));
    byte[] sent = exchange.getRequestBody().readAllBytes();
    String method = exchange.getRequestMethod();
    boolean hasBody = method.equals("PUT") || method.equals("POST");
    request.method(method, hasBody ? RequestBody.create(sent) : null);
    try (Response response = client.newCall(request.build()).execute()) {
      answer(exchange, response, moment);
    }
  }

  private static void answer(HttpExchange exchange, Response response, Moment moment)
      throws IOException {
    response.headers().toMultimap().forEach(exchange.getResponseHeaders()::put);
    exchange.getResponseHeaders().remove("Transfer-Encoding");
    ResponseBody body = response.body();
    byte[] bytes = body.bytes();
    if (exchange.getRequestMethod().equals("HEAD") || bytes.length == 0) {
      exchange.sendResponseHeaders(response.code(), -1);
      return;
    }
    exchange.sendResponseHeaders(response.code(), bytes.length);
    OutputStream out = exchange.getResponseBody();
    int count = moment == Moment.BROKEN ? bytes.length / 2 : bytes.length;
    int drop = moment == Moment.SLOW ? Math.max(1, count / 20) : count;
    for (int at = 0; at < count; at += drop) {
      out.write(bytes, at, Math.min(drop, count - at));
      out.flush();
      if (moment == Moment.SLOW) {
        LockSupport.parkNanos(DROP_NANOS);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }
}
