package dev.espalier.engine.format.hdf5;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a file of our own from one that was read: groups, names, order, attributes and types stay,
 * what nobody refers to any more is left out. The file is of the plainest kind that HDF5 1.8 and
 * later read: superblock 0, object headers 1, links as messages. No times are stored: the same
 * content gives the same bytes.
 */
public final class Hdf5Writer {
  private static final int SUPERBLOCK = 96;
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
  private static final byte[] FILL_NOTHING = {2, 2, 2, 0};

  private final Output out;
  private final Hdf5Changes changes;
  private final TextHeap texts;

  private Hdf5Writer(Output out, Hdf5Changes changes) {
    this.out = out;
    this.changes = changes;
    this.texts = new TextHeap(out);
  }

  /**
   * Writes a copy of a file with changes.
   *
   * @param root of the file that was read, whose source must still be readable
   * @param userBlock bytes that stand before the copy
   * @param target where byte 0 of the copy, after the user block, goes
   * @throws IOException when reading or writing fails
   */
  public static void write(Hdf5Group root, Hdf5Changes changes, long userBlock, ByteSink target)
      throws IOException {
    Output out = new Output(target, SUPERBLOCK);
    Hdf5Writer writer = new Hdf5Writer(out, changes);
    writer.texts.collect(root, changes);
    writer.texts.write();
    long header = writer.group(root, "");
    writer.superblock(header, userBlock);
  }

  private void superblock(long root, long base) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(SUPERBLOCK).order(LITTLE_ENDIAN);
    block.put(SIGNATURE).putInt(0).put((byte) 0).put((byte) Long.BYTES).put((byte) Long.BYTES);
    block.put((byte) 0).putShort((short) 4).putShort((short) 16).putInt(0);
    // The end is counted from the start of the file, all other addresses from the base.
    block.putLong(base).putLong(Space.UNDEFINED);
    block.putLong(base + out.position()).putLong(Space.UNDEFINED);
    block.putLong(0).putLong(root);
    out.writeAt(0, block.clear());
  }

  private long group(Hdf5Group group, String path) throws IOException {
    List<HeaderMessage> messages = new ArrayList<>();
    List<HeaderMessage> links = new ArrayList<>();
    long order = 0;
    for (Map.Entry<String, Hdf5Object> child : group.children().entrySet()) {
      String childPath = path.isEmpty() ? child.getKey() : path + "/" + child.getKey();
      if (changes.dropped().contains(childPath)) {
        continue;
      }
      long address =
          child.getValue() instanceof Hdf5Group inner
              ? group(inner, childPath)
              : dataset((Hdf5Dataset) child.getValue(), childPath);
      links.add(HeaderMessage.link(child.getKey(), address, group.ordered(), order++));
    }
    messages.add(HeaderMessage.linkInfo(group.ordered(), order));
    messages.add(new HeaderMessage(ObjectHeader.GROUP_INFO, ByteBuffer.allocate(2)));
    messages.addAll(links);
    return header(messages, group, path);
  }

  private long dataset(Hdf5Dataset dataset, String path) throws IOException {
    Hdf5Dataset.Header header = dataset.header();
    boolean isChanged = changes.datasets().containsKey(path);
    Dataspace shape = header.shape();
    ByteBuffer elements;
    if (isChanged) {
      elements = dataset.encode(changes.datasets().get(path));
      shape = shape.resized(changes.datasets().get(path).shape());
    } else {
      elements = dataset.encoded();
    }
    List<HeaderMessage> messages = new ArrayList<>();
    messages.add(new HeaderMessage(ObjectHeader.DATASPACE, shape.encode()));
    messages.add(new HeaderMessage(ObjectHeader.DATATYPE, header.type().encoded()));
    messages.add(
        new HeaderMessage(
            ObjectHeader.FILL_VALUE,
            header.fillValue().orElseGet(() -> ByteBuffer.wrap(FILL_NOTHING))));
    if (header.layout() instanceof Layout.Chunked chunked && shape.elements() > 0) {
      header.pipeline().ifPresent(p -> messages.add(new HeaderMessage(ObjectHeader.FILTERS, p)));
      messages.add(ChunkWriter.write(out, elements, shape, header, chunked));
    } else {
      messages.add(contiguous(elements));
    }
    return header(messages, dataset, path);
  }

  private HeaderMessage contiguous(ByteBuffer elements) throws IOException {
    long size = elements.remaining();
    long address = size == 0 ? Space.UNDEFINED : out.append(elements);
    ByteBuffer layout = ByteBuffer.allocate(18).order(LITTLE_ENDIAN);
    layout.put((byte) 3).put((byte) 1).putLong(address).putLong(size);
    return new HeaderMessage(ObjectHeader.LAYOUT, layout.flip());
  }

  private long header(List<HeaderMessage> messages, Hdf5Object object, String path)
      throws IOException {
    List<HeaderMessage> all = new ArrayList<>(messages);
    for (Hdf5Attribute attribute : object.attributes().values()) {
      boolean isChanged = path.isEmpty() && changes.texts().containsKey(attribute.name());
      Hdf5Attribute written =
          isChanged ? attribute.withText(changes.texts().get(attribute.name())) : attribute;
      all.add(HeaderMessage.attribute(written, texts.references(written)));
    }
    return out.append(HeaderMessage.header(all));
  }
}
