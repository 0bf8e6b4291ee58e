package org.alignmentworkbench.app.webhook;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An address that a webhook may have: `https`, or anything of http to a host that the server's
/// settings name.
///
/// @param allowed whether the settings name its host, so that it may be private
record WebhookUrl(URI uri, boolean allowed) {
  static final int LONGEST = 500;

  /// Reads an address.
  ///
  /// @param allowed the hosts of the settings, each `host` or `host:port`
  /// @throws IllegalArgumentException with the rule that it breaks
  static WebhookUrl read(String text, Collection<String> allowed) {
    if (text.isEmpty() || text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "an address must have 1 to %d characters, had %d".formatted(LONGEST, text.length()));
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("'" + text + "' is no address: " + e.getReason(), e);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException("an address must begin with https://, was '" + text + "'");
    }
    if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "an address must have a host, and neither a user nor a fragment, was '" + text + "'");
    }
    WebhookUrl url = new WebhookUrl(uri, named(uri, scheme, allowed));
    if (scheme.equals("http") && !url.allowed()) {
      throw new IllegalArgumentException(
          "an address must begin with https:// unless workbench.webhooks.allow names its host, was '"
              + text
              + "'");
    }
    return url;
  }

  private static boolean named(URI uri, String scheme, Collection<String> allowed) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    int port = uri.getPort() < 0 ? (scheme.equals("https") ? 443 : 80) : uri.getPort();
    return allowed.stream()
        .map(name -> name.strip().toLowerCase(Locale.ROOT))
        .anyMatch(name -> name.equals(host) || name.equals(host + ":" + port));
  }

  boolean secure() {
    return uri.getScheme().equalsIgnoreCase("https");
  }

  /// The host without the brackets of an IPv6 address.
  String host() {
    String host = uri.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  int port() {
    return uri.getPort() < 0 ? (secure() ? 443 : 80) : uri.getPort();
  }

  /// Path and query as they are sent.
  String target() {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    @Nullable String query = uri.getRawQuery();
    return query == null ? path : path + "?" + query;
  }

  /// The one address to connect to: the name is resolved once, every address it has must be open to
  /// everybody (unless the settings name the host), and the first of them is used, so that a name
  /// which changes in between leads nowhere else.
  ///
  /// @throws ClosedAddressException when one of them is not
  InetAddress resolve() throws UnknownHostException, ClosedAddressException {
    InetAddress[] addresses = InetAddress.getAllByName(host());
    if (!allowed) {
      for (InetAddress address : addresses) {
        if (!OpenAddresses.open(address)) {
          throw new ClosedAddressException(host());
        }
      }
    }
    return addresses[0];
  }

  /// A host that leads into a private network. The message names no address: it would tell whoever
  /// typed the name what this network looks like.
  static final class ClosedAddressException extends Exception {
    private static final long serialVersionUID = 1L;

    ClosedAddressException(String host) {
      super(
          "the host '"
              + host
              + "' leads to a private address, and the server's settings do not"
              + " allow it");
    }
  }
}
