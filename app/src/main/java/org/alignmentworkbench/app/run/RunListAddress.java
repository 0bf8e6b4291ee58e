package org.alignmentworkbench.app.run;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;
import java.util.regex.Pattern;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.db.view.RunList;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/// A list of runs as somebody asked for it, and so its address; what is null does not narrow.
///
/// @param text a part of a run's name or of what it says of itself
/// @param from the first day on which a run was made
/// @param to the last one
record RunListAddress(
    String path,
    @Nullable RunState state,
    @Nullable String job,
    @Nullable String text,
    @Nullable LocalDate from,
    @Nullable LocalDate to) {
  private static final Pattern LIST =
      Pattern.compile("(/projects/[0-9]{1,18})?/runs(\\?[!-z|~]*)?");

  /// Blank fields of the form are none.
  static RunListAddress of(
      String path,
      @Nullable RunState state,
      @Nullable String job,
      @Nullable String text,
      @Nullable LocalDate from,
      @Nullable LocalDate to) {
    // The database keeps no NUL, so nothing can hold one.
    String wanted = text == null ? "" : text.replace("\0", "").strip();
    return new RunListAddress(
        path,
        state,
        job == null || job.isEmpty() ? null : job,
        wanted.isEmpty() ? null : wanted,
        from,
        to);
  }

  /// Whether a text is the address of such a list here, and so a place that one may be led to.
  static boolean isOne(@Nullable String address) {
    return address != null && LIST.matcher(address).matches();
  }

  boolean narrowed() {
    return state != null || job != null || text != null || from != null || to != null;
  }

  RunListAddress withState(@Nullable RunState other) {
    return new RunListAddress(path, other, job, text, from, to);
  }

  RunListAddress withJob(@Nullable String other) {
    return new RunListAddress(path, state, other, text, from, to);
  }

  /// @param zone in which a day begins and ends
  RunList.Filter filter(@Nullable Long projectId, @Nullable Long viewer, ZoneId zone) {
    return new RunList.Filter(
        projectId,
        state,
        job,
        viewer,
        text,
        from == null ? null : from.atStartOfDay(zone).toInstant(),
        to == null ? null : to.plusDays(1).atStartOfDay(zone).toInstant());
  }

  String href() {
    return uri().encode().toUriString();
  }

  /// The part of the list that begins before or after a run.
  String at(String key, long runId) {
    return uri().queryParam(key, runId).encode().toUriString();
  }

  private UriComponentsBuilder uri() {
    UriComponentsBuilder uri = UriComponentsBuilder.fromPath(path);
    add(uri, "state", state);
    add(uri, "job", job);
    add(uri, "text", text);
    add(uri, "from", from);
    add(uri, "to", to);
    return uri;
  }

  private static void add(UriComponentsBuilder uri, String name, @Nullable Object value) {
    if (value != null) {
      // A value that looks like a template's variable is none.
      uri.queryParam(name, "{" + name + "}").uriVariables(Map.of(name, value));
    }
  }
}
