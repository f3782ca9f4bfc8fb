package dev.espalier.worker;

/** Data of events about {@link Stack}'s objects. */
final class Events {
  private static final String POLICY =
      """
      {"name": "%s", "criterion": "%s", "target": {"sparsity": %s},
       "schedule": {"kind": "%s", "steps": %d}, "recover": {"epochs": %d},
       "gate": {"max-drop": 0.03}, "search": {"enabled": false}}
      """;

  private Events() {}

  /** Half of the weights, in one step: most pixels' means matter little. */
  static String good(String model, String version) {
    return data(model, version, "s3://models/good.onnx", halfPolicy(), "");
  }

  static String missing(String model, String version) {
    return data(model, version, "s3://models/not-there.onnx", halfPolicy(), "");
  }

  static String hostile(String model, String version) {
    return data(model, version, "s3://models/hostile.zip", halfPolicy(), "");
  }

  /** Nineteen of twenty weights at random: no gate lets that pass. */
  static String destructive(String model, String version) {
    String policy = POLICY.formatted("destroy", "random", "0.95", "one-shot", 1, 0);
    return data(model, version, "s3://models/good.onnx", policy, "");
  }

  /** One weight in a hundred: as good as before, and hardly smaller. */
  static String useless(String model, String version) {
    String policy = POLICY.formatted("useless", "magnitude", "0.01", "one-shot", 1, 0);
    return data(model, version, "s3://models/good.onnx", policy, "");
  }

  /** Wanted yesterday. */
  static String late(String model, String version) {
    return data(
        model,
        version,
        "s3://models/good.onnx",
        halfPolicy() + ", \"deadline\": \"2026-01-01T00:00:00Z\"",
        "");
  }

  /** Half of the weights, in so many steps. */
  static String stepwise(String model, String version, int steps) {
    String policy = POLICY.formatted("stepwise", "magnitude", "0.5", "linear", steps, 0);
    return data(model, version, "s3://models/good.onnx", policy, "");
  }

  /** Enough steps with recovery to be caught in the middle. */
  static String slow(String model, String version) {
    String policy = POLICY.formatted("slow", "magnitude", "0.5", "linear", 12, 8);
    String training = ", \"training\": {\"uri\": \"s3://datasets/train.npz\"}";
    return data(model, version, "s3://models/good.onnx", policy, training);
  }

  /** Minutes of work, for a job that something else ends. */
  static String unending(String model, String version) {
    String policy = POLICY.formatted("unending", "magnitude", "0.5", "linear", 50, 50);
    String training = ", \"training\": {\"uri\": \"s3://datasets/train.npz\"}";
    return data(model, version, "s3://models/good.onnx", policy, training);
  }

  private static String halfPolicy() {
    return POLICY.formatted("half", "magnitude", "0.5", "one-shot", 1, 0);
  }

  private static String data(
      String model, String version, String uri, String policy, String training) {
    return """
        {"model": {"name": "%s", "version": "%s", "uri": "%s"},
         "data": {"validation": {"uri": "s3://datasets/val.npz"}%s},
         "task": "classification", "preprocess": {"scale": 0.00392156862745098},
         "policy": %s}
        """
        .formatted(model, version, uri, training, policy);
  }
}
