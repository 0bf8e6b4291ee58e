package org.alignmentworkbench.model.engine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Float32 values outside the heap, in one piece and in the machine's byte order.
///
/// Values of a mapped file are read from the disk's cache when they are first touched. They belong
/// to this process: what a kernel writes goes to a copy of the page and never to the file. The file
/// must not be shortened while it is mapped.
public final class NativeFloats implements AutoCloseable {
  private static final int CACHE_LINE = 64;

  private final Arena arena;
  private final MemorySegment segment;

  private NativeFloats(Arena arena, MemorySegment segment) {
    this.arena = arena;
    this.segment = segment;
  }

  /// Room for some values, all zero.
  @SuppressWarnings("MustBeClosedChecker") // closed by close()
  public static NativeFloats allocate(long count) {
    Arena arena = Arena.ofShared();
    return new NativeFloats(
        arena, arena.allocate(Math.multiplyExact(count, Float.BYTES), CACHE_LINE));
  }

  /// Values of a file.
  ///
  /// @param offset the first one's byte
  @SuppressWarnings("MustBeClosedChecker") // closed by close(), or below when mapping fails
  public static NativeFloats map(Path file, long offset, long count) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new NativeFloats(
          arena,
          channel.map(
              FileChannel.MapMode.PRIVATE, offset, Math.multiplyExact(count, Float.BYTES), arena));
    } catch (Throwable failure) {
      arena.close();
      throw failure;
    }
  }

  /// The number of values.
  public long size() {
    return segment.byteSize() / Float.BYTES;
  }

  /// The memory itself, alive until this is closed.
  public MemorySegment segment() {
    return segment;
  }

  @Override
  public void close() {
    arena.close();
  }
}
