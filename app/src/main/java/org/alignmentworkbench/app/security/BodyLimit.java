package org.alignmentworkbench.app.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.server.ResponseStatusException;

/// Bounds what a request brings. A body that is no form is read as a whole into memory, or written
/// to the disk, by whoever handles it, and nothing else says how much that may be: the server
/// bounds forms alone, and [UploadGate] files in forms.
final class BodyLimit extends OncePerRequestFilter {
  /// What the server takes of a form.
  static final long USUAL = 2L << 20;

  private final ToLongFunction<HttpServletRequest> most;

  /// @param most bytes that a request may bring
  BodyLimit(ToLongFunction<HttpServletRequest> most) {
    this.most = most;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String type = request.getContentType();
    if (type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
      chain.doFilter(request, response);
      return;
    }
    long limit = most.applyAsLong(request);
    if (request.getContentLengthLong() > limit) {
      if (request.getRequestURI().startsWith(request.getContextPath() + "/api/")) {
        ApiProblems.tooLarge(response, limit);
      } else {
        response.sendError(HttpStatus.CONTENT_TOO_LARGE.value());
      }
      return;
    }
    chain.doFilter(new Bounded(request, limit), response);
  }

  /// Bytes of a content type, whatever its parameters.
  static boolean isBinary(HttpServletRequest request) {
    String type = request.getContentType();
    return type != null
        && type.toLowerCase(Locale.ROOT).startsWith(MediaType.APPLICATION_OCTET_STREAM_VALUE);
  }

  /// A request whose length nobody said, or said wrongly.
  private static final class Bounded extends HttpServletRequestWrapper {
    private final long limit;
    private @Nullable ServletInputStream stream;

    Bounded(HttpServletRequest request, long limit) {
      super(request);
      this.limit = limit;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      ServletInputStream known = stream;
      if (known == null) {
        known = new BoundedStream(super.getInputStream(), limit);
        stream = known;
      }
      return known;
    }

    @Override
    public BufferedReader getReader() throws IOException {
      String encoding = getCharacterEncoding();
      return new BufferedReader(
          new InputStreamReader(
              getInputStream(),
              encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding)));
    }
  }

  private static final class BoundedStream extends ServletInputStream {
    private final ServletInputStream in;
    private final long limit;
    private long taken;

    BoundedStream(ServletInputStream in, long limit) {
      this.in = in;
      this.limit = limit;
    }

    @Override
    public int read() throws IOException {
      int read = in.read();
      count(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = in.read(bytes, offset, length);
      count(Math.max(0, read));
      return read;
    }

    /// Not as an [IOException], which readers of bodies take for a body that cannot be read.
    private void count(int bytes) {
      taken += bytes;
      if (taken > limit) {
        throw new ResponseStatusException(
            HttpStatus.CONTENT_TOO_LARGE, "the body must have at most " + limit + " bytes");
      }
    }

    @Override
    public boolean isFinished() {
      return in.isFinished();
    }

    @Override
    public boolean isReady() {
      return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      in.setReadListener(listener);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
