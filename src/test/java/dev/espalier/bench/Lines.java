package dev.espalier.bench;

import dev.espalier.contract.ContractJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The results kept so far: a file of JSON lines for each group of runs. */
final class Lines {
  private final Path directory;
  private final Map<String, Line> byId = new LinkedHashMap<>();

  /** Reads what there is; the directory is created. */
  Lines(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    List<Path> files;
    try (Stream<Path> listed = Files.list(directory)) {
      files = listed.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    }
    for (Path file : files) {
      for (String json : Files.readAllLines(file)) {
        Line line = ContractJson.mapper().readValue(json, Line.class);
        byId.put(line.id(), line);
      }
    }
  }

  boolean has(String id) {
    return byId.containsKey(id);
  }

  List<Line> all() {
    return List.copyOf(byId.values());
  }

  void add(Line line) throws IOException {
    Files.writeString(
        directory.resolve(line.group() + ".jsonl"),
        ContractJson.mapper().writeValueAsString(line) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    byId.put(line.id(), line);
  }
}
