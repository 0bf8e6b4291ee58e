package org.alignmentworkbench.app.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// Posts one body to one address and reads the beginning of the answer. It connects to the address
/// that was looked at, which Java's own client would resolve a second time; it follows no redirect,
/// keeps no connection and no cookie, and knows no proxy.
final class WebhookClient {
  /// Bytes of an answer that are read at most, and characters of its body that are kept.
  static final int READ = 16_384;

  static final int KEPT = 200;

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /// A read that notices the end by itself is told better why it ends.
  private static final Duration GRACE = Duration.ofMillis(200);

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");

  private final Duration patience;

  /// @param patience for all of one exchange
  WebhookClient(Duration patience) {
    this.patience = patience;
  }

  /// What came back.
  ///
  /// @param body its beginning, without what cannot be shown
  record Answer(int status, String body) {}

  /// @throws IOException when there is no answer in time, or none that is HTTP
  Answer post(WebhookUrl url, Map<String, String> headers, byte[] body)
      throws IOException, WebhookUrl.ClosedAddressException {
    InetAddress address = url.resolve();
    long end = System.nanoTime() + patience.toNanos();
    try (Socket plain = new Socket()) {
      Thread watch = Thread.ofVirtual().start(() -> closeAfter(plain, patience.plus(GRACE)));
      try {
        return exchange(plain, address, url, headers, body, end);
      } catch (SocketException e) {
        // What was cut off by the watch.
        left(end);
        throw e;
      } finally {
        watch.interrupt();
      }
    }
  }

  /// A time-out of a socket is of one read: whoever sends a byte now and then would never reach it,
  /// and all other messages would wait.
  private static void closeAfter(Socket socket, Duration time) {
    try {
      Thread.sleep(time);
      socket.close();
    } catch (InterruptedException | IOException e) {
      // The exchange is over.
    }
  }

  private static Answer exchange(
      Socket plain,
      InetAddress address,
      WebhookUrl url,
      Map<String, String> headers,
      byte[] body,
      long end)
      throws IOException {
    plain.connect(
        new InetSocketAddress(address, url.port()),
        Math.toIntExact(Math.min(CONNECT.toMillis(), left(end))));
    plain.setSoTimeout(left(end));
    if (!url.secure()) {
      return exchange(plain, url, headers, body, end);
    }
    try (SSLSocket secure = secure(plain, url)) {
      return exchange(secure, url, headers, body, end);
    }
  }

  /// The certificate must be the host's, not the address's.
  private static SSLSocket secure(Socket plain, WebhookUrl url) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket secure = (SSLSocket) factory.createSocket(plain, url.host(), url.port(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private static Answer exchange(
      Socket socket, WebhookUrl url, Map<String, String> headers, byte[] body, long end)
      throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(head(url, headers, body.length).getBytes(US_ASCII));
    out.write(body);
    out.flush();
    return answer(read(socket, end));
  }

  private static String head(WebhookUrl url, Map<String, String> headers, int length) {
    StringBuilder head = new StringBuilder();
    head.append("POST ").append(url.target()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(url.uri().getRawAuthority()).append("\r\n");
    head.append("Connection: close\r\nContent-Type: application/json\r\nContent-Length: ")
        .append(length)
        .append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("\r\n").toString();
  }

  /// Reads until the other side ends, enough is there, or the time is over; an answer that has
  /// begun counts although it does not end.
  private static byte[] read(Socket socket, long end) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[2048];
    try {
      while (read.size() < READ) {
        socket.setSoTimeout(left(end));
        int some = in.read(buffer, 0, Math.min(buffer.length, READ - read.size()));
        if (some < 0) {
          break;
        }
        read.write(buffer, 0, some);
      }
    } catch (SocketTimeoutException e) {
      if (!new String(read.toByteArray(), ISO_8859_1).contains("\r\n\r\n")) {
        throw e;
      }
    }
    return read.toByteArray();
  }

  private static int left(long end) throws SocketTimeoutException {
    long millis = (end - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    return Math.toIntExact(Math.min(millis, Integer.MAX_VALUE));
  }

  private static Answer answer(byte[] read) throws IOException {
    String text = new String(read, ISO_8859_1);
    int line = text.indexOf("\r\n");
    Matcher status = STATUS.matcher(line < 0 ? text : text.substring(0, line));
    if (!status.matches()) {
      throw new IOException("the answer was not HTTP/1.1");
    }
    int head = text.indexOf("\r\n\r\n");
    String body = head < 0 ? "" : new String(read, head + 4, read.length - head - 4, UTF_8);
    return new Answer(Integer.parseInt(status.group(1)), shown(body));
  }

  private static String shown(String body) {
    String text = body.replaceAll("[\\p{Cntrl}\\uFFFD]+", " ").strip();
    int kept = text.offsetByCodePoints(0, Math.min(text.codePointCount(0, text.length()), KEPT));
    return text.substring(0, kept);
  }
}
