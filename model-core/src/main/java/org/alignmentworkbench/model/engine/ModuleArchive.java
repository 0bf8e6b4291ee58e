package org.alignmentworkbench.model.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Packs TorchScript source text into the zip archive that libtorch loads as a module.
///
/// | entry | content |
/// |---|---|
/// | `kernels/data.pkl` | pickle of an object of class `__torch__.Kernels` whose state is `training` |
/// | `kernels/code/__torch__.py` | the source, in the dialect of serialised modules |
/// | `kernels/constants.pkl` | pickle of the empty tuple |
/// | `kernels/version` | file format version |
final class ModuleArchive {
  /// The class every kernel is a method of.
  static final String CLASS_NAME = "Kernels";

  private static final String VERSION = "10\n";

  private ModuleArchive() {}

  /// The archive of a source text; equal text gives equal bytes.
  static byte[] pack(String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      put(zip, "kernels/data.pkl", objectPickle());
      put(zip, "kernels/code/__torch__.py", utf8(withoutComments(source)));
      put(zip, "kernels/constants.pkl", emptyTuplePickle());
      put(zip, "kernels/version", utf8(VERSION));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// The source without comment lines; the dialect has none.
  static String withoutComments(String source) {
    return source
            .lines()
            .filter(line -> !line.strip().startsWith("#") && !line.isBlank())
            .collect(Collectors.joining("\n"))
        + "\n";
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /// Protocol 2: GLOBAL class, EMPTY_TUPLE, NEWOBJ, state `{"training": True}`, BUILD.
  private static byte[] objectPickle() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x80);
    out.write(2);
    out.writeBytes(utf8("c__torch__\n" + CLASS_NAME + "\n)"));
    out.write(0x81);
    out.writeBytes(utf8("}X"));
    byte[] key = utf8("training");
    out.writeBytes(new byte[] {(byte) key.length, 0, 0, 0});
    out.writeBytes(key);
    out.write(0x88);
    out.writeBytes(utf8("sb."));
    return out.toByteArray();
  }

  private static byte[] emptyTuplePickle() {
    return new byte[] {(byte) 0x80, 2, ')', '.'};
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
