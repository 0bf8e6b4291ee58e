package org.alignmentworkbench.synthetic.task;

import java.nio.charset.StandardCharsets;

/// Which split a scene belongs to: a fixed hash of its family and slot values.
///
/// No seed goes in. The base model is pre-trained once, with a seed of its own, and must be blind
/// to the held-out scenes of every later seed. Of all scenes about 60 % are TRAIN, 20 % PREFERENCE
/// and 20 % HELD_OUT.
public final class Partition {
  private Partition() {}

  /// The text that is hashed: what no two splits share.
  public static String combination(Facts facts) {
    StringBuilder text = new StringBuilder(facts.scene());
    facts.slots().forEach((key, value) -> text.append('|').append(key).append('=').append(value));
    return text.toString();
  }

  /// The split of these facts, whatever the wording of the message or the request.
  public static Split of(Facts facts) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : combination(facts).getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    // FNV's high bits hardly depend on the last bytes; this finaliser (MurmurHash3's) spreads them.
    hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
    hash ^= hash >>> 33;
    long tenth = Long.remainderUnsigned(hash, 10);
    return tenth < 6 ? Split.TRAIN : tenth < 8 ? Split.PREFERENCE : Split.HELD_OUT;
  }
}
