package org.alignmentworkbench.app.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;

/// Which addresses belong to everybody's network. All others (this machine, its neighbours, what
/// only this network reaches) must not be asked for by whoever may type an address into a form.
final class OpenAddresses {
  /// First address and length of each block that is not everybody's: RFC 6890 and its updates.
  private static final int[][] CLOSED_4 = {
    {0, 0, 0, 0, 8},
    {10, 0, 0, 0, 8},
    {100, 64, 0, 0, 10},
    {127, 0, 0, 0, 8},
    {169, 254, 0, 0, 16},
    {172, 16, 0, 0, 12},
    {192, 0, 0, 0, 24},
    {192, 0, 2, 0, 24},
    {192, 88, 99, 0, 24},
    {192, 168, 0, 0, 16},
    {198, 18, 0, 0, 15},
    {198, 51, 100, 0, 24},
    {203, 0, 113, 0, 24},
    {224, 0, 0, 0, 3}
  };

  private OpenAddresses() {}

  static boolean open(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? open4(bytes) : open6(bytes);
  }

  private static boolean open4(byte[] address) {
    return Arrays.stream(CLOSED_4).noneMatch(block -> inside(address, block));
  }

  private static boolean inside(byte[] address, int[] block) {
    for (int bit = 0; bit < block[4]; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((address[bit / 8] & mask) != (block[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /// Of IPv6 only global unicast, 2000::/3, without what carries an IPv4 address inside (6to4,
  /// Teredo) or is for examples: a closed address must not come back in another dress.
  private static boolean open6(byte[] address) {
    int first = (address[0] & 0xff) << 8 | (address[1] & 0xff);
    int second = (address[2] & 0xff) << 8 | (address[3] & 0xff);
    boolean global = (first & 0xe000) == 0x2000;
    boolean sixToFour = first == 0x2002;
    boolean special = first == 0x2001 && (second < 0x0200 || second == 0x0db8);
    boolean documentation = first == 0x3fff && second < 0x1000;
    return global && !sixToFour && !special && !documentation;
  }
}
