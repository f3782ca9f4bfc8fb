package dev.espalier.local;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes spans as a collector does: OTLP 1, over gRPC or over HTTP with protobuf bodies. */
public final class TraceReceiver implements AutoCloseable {
  private static final String GRPC_METHOD =
      "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

  /** Bytes before a message: whether it is compressed, and its length. */
  private static final int GRPC_PREFIX = 5;

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server = vertx.createHttpServer();
  private final AtomicInteger requests = new AtomicInteger();
  private final List<Received> spans = new CopyOnWriteArrayList<>();

  /** A span, with the attributes of its resource and its own as text. */
  public record Received(
      String trace,
      String id,
      String parent,
      String name,
      long startNanos,
      long endNanos,
      boolean error,
      Map<String, String> attributes,
      Map<String, String> resource) {}

  /** Starts on a free port of loopback. */
  public static TraceReceiver start() {
    TraceReceiver receiver = new TraceReceiver();
    receiver
        .server
        .requestHandler(receiver::receive)
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    return receiver;
  }

  /** What {@code OTEL_EXPORTER_OTLP_ENDPOINT} is to be. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** Every span so far, in the order in which they came. */
  public List<Received> spans() {
    return List.copyOf(spans);
  }

  /** How often anything was asked for. */
  public int requests() {
    return requests.get();
  }

  private void receive(HttpServerRequest request) {
    requests.incrementAndGet();
    request
        .body()
        .onSuccess(
            body -> {
              if (request.path().equals("/v1/traces")) {
                take(body.getBytes());
                request.response().putHeader("Content-Type", "application/x-protobuf").end();
              } else if (request.path().equals(GRPC_METHOD)) {
                take(body.getBytes(GRPC_PREFIX, body.length()));
                request
                    .response()
                    .putHeader("Content-Type", "application/grpc")
                    .putTrailer("grpc-status", "0")
                    .end(Buffer.buffer(new byte[GRPC_PREFIX]));
              } else {
                request.response().setStatusCode(404).end();
              }
            });
  }

  private void take(byte... message) {
    try {
      ExportTraceServiceRequest.parseFrom(message).getResourceSpansList().forEach(this::add);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("no export of traces", e);
    }
  }

  private void add(ResourceSpans sent) {
    Map<String, String> resource = text(sent.getResource().getAttributesList());
    for (ScopeSpans scope : sent.getScopeSpansList()) {
      for (Span span : scope.getSpansList()) {
        spans.add(
            new Received(
                HexFormat.of().formatHex(span.getTraceId().toByteArray()),
                HexFormat.of().formatHex(span.getSpanId().toByteArray()),
                HexFormat.of().formatHex(span.getParentSpanId().toByteArray()),
                span.getName(),
                span.getStartTimeUnixNano(),
                span.getEndTimeUnixNano(),
                span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
                text(span.getAttributesList()),
                resource));
      }
    }
  }

  private static Map<String, String> text(List<KeyValue> attributes) {
    Map<String, String> text = new TreeMap<>();
    attributes.forEach(attribute -> text.put(attribute.getKey(), text(attribute.getValue())));
    return text;
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      default -> value.getStringValue();
    };
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
