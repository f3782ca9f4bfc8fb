package dev.espalier.engine.checkpoint;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Sha256;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The form of a checkpoint:
 *
 * <pre>
 * "ESPALIER" · int32 version · int32 n · n bytes of JSON ({@link Header})
 * per mask, in the header's order:   its words, int64 little-endian
 * per weight, in the header's order: its elements, little-endian
 * per movement, likewise
 * SHA-256 of all of the above, 32 bytes
 * </pre>
 *
 * Integers of the frame are big-endian.
 */
final class CheckpointFile {
  private static final byte[] MAGIC = {'E', 'S', 'P', 'A', 'L', 'I', 'E', 'R'};
  private static final int VERSION = 4;
  private static final int CHUNK = 1 << 16;

  private CheckpointFile() {}

  /**
   * What precedes the numbers.
   *
   * @param job digest of everything that determines the job
   */
  private record Header(
      Sha256 job,
      int step,
      List<ModelResult.Step> trajectory,
      List<MaskEntry> masks,
      List<WeightEntry> weights,
      List<WeightEntry> movement) {}

  private record MaskEntry(String name, int size) {}

  private record WeightEntry(String name, DataType type, List<Long> shape) {}

  static void write(OutputStream to, Sha256 job, Candidate candidate) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    DataOutputStream out = new DataOutputStream(new DigestOutputStream(to, digest));
    byte[] header = ContractJson.mapper().writeValueAsBytes(header(job, candidate));
    out.write(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(header.length);
    out.write(header);
    for (Mask mask : candidate.masks().values()) {
      long[] words = mask.words();
      ByteBuffer bytes =
          ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asLongBuffer().put(words);
      out.write(bytes.array());
    }
    writeAll(candidate.weights(), out);
    writeAll(candidate.movement(), out);
    out.flush();
    to.write(digest.digest());
  }

  private static void writeAll(Map<String, Tensor> tensors, OutputStream out) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (Tensor tensor : tensors.values()) {
      ByteBuffer bytes = tensor.bytes();
      while (bytes.hasRemaining()) {
        int count = Math.min(CHUNK, bytes.remaining());
        bytes.get(chunk, 0, count);
        out.write(chunk, 0, count);
      }
    }
  }

  private static Header header(Sha256 job, Candidate candidate) {
    List<MaskEntry> masks = new ArrayList<>();
    candidate.masks().forEach((name, mask) -> masks.add(new MaskEntry(name, mask.size())));
    return new Header(
        job,
        candidate.step(),
        candidate.trajectory(),
        masks,
        entries(candidate.weights()),
        entries(candidate.movement()));
  }

  private static List<WeightEntry> entries(Map<String, Tensor> tensors) {
    List<WeightEntry> entries = new ArrayList<>();
    tensors.forEach(
        (name, tensor) ->
            entries.add(
                new WeightEntry(
                    name, tensor.type(), Arrays.stream(tensor.shape()).boxed().toList())));
    return entries;
  }

  /**
   * Reads a checkpoint of {@code job}. The digest is checked before anything is parsed: damage
   * could pose as any size.
   *
   * @throws IOException when it is damaged, of another version or of another job
   */
  static Candidate read(Path file, Sha256 job) throws IOException {
    requireWhole(file);
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      require(Arrays.equals(in.readNBytes(MAGIC.length), MAGIC), "it is not a checkpoint");
      require(in.readInt() == VERSION, "it has another version");
      Header header = ContractJson.mapper().readValue(in.readNBytes(in.readInt()), Header.class);
      require(header.job().equals(job), "it belongs to another job");
      Map<String, Mask> masks = new LinkedHashMap<>();
      for (MaskEntry entry : header.masks()) {
        masks.put(entry.name(), mask(in, entry.size()));
      }
      Map<String, Tensor> weights = tensors(in, header.weights());
      Map<String, Tensor> movement = tensors(in, header.movement());
      return new Candidate(header.step(), masks, weights, header.trajectory(), movement);
    }
  }

  private static Map<String, Tensor> tensors(DataInputStream in, List<WeightEntry> entries)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (WeightEntry entry : entries) {
      tensors.put(entry.name(), tensor(in, entry));
    }
    return tensors;
  }

  private static void requireWhole(Path file) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    long left = Files.size(file) - digest.getDigestLength();
    require(left > 0, "it is too short");
    try (InputStream in = Files.newInputStream(file)) {
      byte[] chunk = new byte[CHUNK];
      while (left > 0) {
        int count = in.readNBytes(chunk, 0, (int) Math.min(CHUNK, left));
        require(count > 0, "it ends early");
        digest.update(chunk, 0, count);
        left -= count;
      }
      require(Arrays.equals(in.readAllBytes(), digest.digest()), "its digest does not match");
    }
  }

  private static Mask mask(DataInputStream in, int size) throws IOException {
    long[] words = new long[Mask.keepAll(size).words().length];
    byte[] bytes = new byte[words.length * Long.BYTES];
    in.readFully(bytes);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
    return Mask.of(size, words);
  }

  private static Tensor tensor(DataInputStream in, WeightEntry entry) throws IOException {
    Tensor tensor =
        Tensor.zeros(entry.type(), entry.shape().stream().mapToLong(Long::longValue).toArray());
    ByteBuffer bytes = tensor.bytes();
    byte[] chunk = new byte[CHUNK];
    while (bytes.hasRemaining()) {
      int count = Math.min(CHUNK, bytes.remaining());
      in.readFully(chunk, 0, count);
      bytes.put(chunk, 0, count);
    }
    return tensor;
  }

  private static void require(boolean condition, String otherwise) throws IOException {
    if (!condition) {
      throw new IOException(otherwise);
    }
  }
}
