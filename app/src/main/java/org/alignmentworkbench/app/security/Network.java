package org.alignmentworkbench.app.security;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/// The part of an address that tells one visitor from another.
final class Network {
  private static final int SITE_BYTES = 8;

  private Network() {}

  /// An IPv4 address as it is. Of an IPv6 address the first 64 bits: whoever has a line has all the
  /// other 64 to choose from, so that counting single addresses would count nothing.
  static String of(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      InetAddress literal = InetAddress.ofLiteral(address);
      return literal instanceof Inet6Address
          ? HexFormat.of().formatHex(Arrays.copyOf(literal.getAddress(), SITE_BYTES)) + "/64"
          : literal.getHostAddress();
    } catch (IllegalArgumentException e) {
      return address;
    }
  }
}
