package org.alignmentworkbench.db.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// The name of a file or folder by what is in it.
///
/// A file's hash is the SHA-256 of its bytes. A folder's is the SHA-256 of one line for each file
/// in it, at any depth,
///
/// ```
/// path sha256\n
/// ```
///
/// with `/` between the parts of the path, sorted by the bytes of the path in UTF-8. Anybody can
/// recompute it with `sha256sum`. Times, owners and empty folders do not count; a symbolic link is
/// refused, because what it points to could change.
public final class ContentHash {
  private static final int BUFFER = 1 << 16;

  private ContentHash() {}

  /// The hash of a file or folder, in 64 hexadecimal digits.
  public static String of(Path path) throws IOException {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? ofFolder(path) : ofFile(path);
  }

  /// The hash of a file's bytes.
  public static String ofFile(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + " is not a regular file");
    }
    MessageDigest sha256 = sha256();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha256.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /// The hash of a folder.
  public static String ofFolder(Path folder) throws IOException {
    MessageDigest sha256 = sha256();
    for (Path file : files(folder)) {
      sha256.update((relative(folder, file) + " " + ofFile(file) + "\n").getBytes(UTF_8));
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /// The hash of bytes in memory.
  public static String ofBytes(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /// The files of a folder, or the file itself, in the order of the hash.
  static List<Path> files(Path root) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(root)) {
      all = walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).toList();
    }
    return all.stream()
        .sorted((one, other) ->
            Arrays.compareUnsigned(
                relative(root, one).getBytes(UTF_8), relative(root, other).getBytes(UTF_8)))
        .toList();
  }

  private static String relative(Path root, Path file) {
    String separator = file.getFileSystem().getSeparator();
    return root.relativize(file).toString().replace(separator, "/");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
