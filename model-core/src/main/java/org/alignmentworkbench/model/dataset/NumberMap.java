package org.alignmentworkbench.model.dataset;

/// A map from numbers to numbers in two arrays: sixteen bytes an entry, up to twice that before it
/// grows.
final class NumberMap {
  private static final int FIRST_CAPACITY = 1 << 10;

  private long[] keys = new long[FIRST_CAPACITY];
  private long[] values = new long[FIRST_CAPACITY];
  private int size;

  /// Keeps a value unless the key has one.
  ///
  /// @return whether it was kept
  boolean putIfAbsent(long key, long value) {
    long stored = key == 0 ? 1 : key; // 0 marks an empty place
    int place = place(keys, stored);
    if (keys[place] != 0) {
      return false;
    }
    keys[place] = stored;
    values[place] = value;
    if (++size > keys.length / 2) {
      grow();
    }
    return true;
  }

  /// The value of a key that has one.
  long get(long key) {
    return values[place(keys, key == 0 ? 1 : key)];
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = new long[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int place = place(keys, oldKeys[i]);
        keys[place] = oldKeys[i];
        values[place] = oldValues[i];
      }
    }
  }

  /// Keys are parts of hashes, so their low bits spread by themselves.
  private static int place(long[] keys, long key) {
    int mask = keys.length - 1;
    int place = (int) key & mask;
    while (keys[place] != 0 && keys[place] != key) {
      place = place + 1 & mask;
    }
    return place;
  }
}
