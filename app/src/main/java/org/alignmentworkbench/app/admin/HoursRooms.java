package org.alignmentworkbench.app.admin;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.view.HoursView;
import org.alignmentworkbench.model.dataset.SheetWriter;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.databind.json.JsonMapper;

/// How long people judged, for whoever pays them: on a page, and as a file for spreadsheets.
@Controller
class HoursRooms {
  private static final int WEEKS = 8;
  private static final int MOST_DAYS = 3660;
  private static final BigDecimal MS_PER_HOUR = BigDecimal.valueOf(3_600_000);

  private final HoursView hours;
  private final AuditRepository audit;
  private final Formats formats;
  private final Words words;
  private final Clock clock;

  HoursRooms(HoursView hours, AuditRepository audit, Formats formats, Words words, Clock clock) {
    this.hours = hours;
    this.audit = audit;
    this.formats = formats;
    this.words = words;
    this.clock = clock;
  }

  /// A line of the page.
  record Row(
      String week,
      String username,
      String displayName,
      String project,
      String judgements,
      String hours) {}

  /// The days that are asked for, both included.
  private record Span(LocalDate from, LocalDate to) {}

  @GetMapping("/admin/hours")
  String page(
      @RequestParam(name = "from", required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate from,
      @RequestParam(name = "to", required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate to,
      Model model) {
    Span span = span(from, to);
    List<HoursView.Line> lines = lines(span);
    model.addAttribute("from", span.from().toString());
    model.addAttribute("to", span.to().toString());
    model.addAttribute("rows", lines.stream().map(this::row).toList());
    model.addAttribute(
        "total", decimal(lines.stream().mapToLong(HoursView.Line::activeMs).sum()).toString());
    model.addAttribute("zone", formats.zone().getId());
    return "admin/hours";
  }

  @GetMapping("/admin/hours.csv")
  void file(
      @RequestParam(name = "from", required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate from,
      @RequestParam(name = "to", required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate to,
      @AuthenticationPrincipal SignedInPerson self,
      HttpServletResponse response)
      throws IOException {
    Span span = span(from, to);
    List<HoursView.Line> lines = lines(span);
    audit.record(
        self.personId(),
        "hours.export",
        "hours",
        JsonMapper.shared()
            .writeValueAsString(
                Map.of("from", span.from().toString(), "to", span.to().toString())));
    response.setContentType("text/csv;charset=UTF-8");
    response.setHeader(
        HttpHeaders.CONTENT_DISPOSITION,
        "attachment; filename=\"hours-%s-%s.csv\"".formatted(span.from(), span.to()));
    try (SheetWriter sheet =
        SheetWriter.open(
            response.getOutputStream(),
            List.of(
                "week", "username", "name", "project", "judgements", "hours", "milliseconds"))) {
      for (HoursView.Line line : lines) {
        sheet.row(
            List.of(
                line.week().toString(),
                line.username(),
                line.displayName(),
                line.project(),
                String.valueOf(line.judgements()),
                decimal(line.activeMs()).toString(),
                String.valueOf(line.activeMs())));
      }
    }
  }

  private Span span(@Nullable LocalDate from, @Nullable LocalDate to) {
    LocalDate last = to == null ? LocalDate.ofInstant(clock.instant(), formats.zone()) : to;
    LocalDate first = from == null ? last.minusWeeks(WEEKS) : from;
    if (first.isAfter(last) || first.plusDays(MOST_DAYS).isBefore(last)) {
      throw new ResponseStatusException(
          HttpStatus.BAD_REQUEST,
          "from %s to %s is no span of at most %d days".formatted(first, last, MOST_DAYS));
    }
    return new Span(first, last);
  }

  private List<HoursView.Line> lines(Span span) {
    ZoneId zone = formats.zone();
    Instant begin = span.from().atStartOfDay(zone).toInstant();
    Instant end = span.to().plusDays(1).atStartOfDay(zone).toInstant();
    return hours.hours(begin, end, zone);
  }

  private Row row(HoursView.Line line) {
    return new Row(
        words.of("hours.weekOf", line.week().toString()),
        line.username(),
        line.displayName(),
        line.project(),
        formats.number(line.judgements()),
        decimal(line.activeMs()).toString());
  }

  /// Hours to the hundredth, half up.
  static BigDecimal decimal(long milliseconds) {
    return BigDecimal.valueOf(milliseconds).divide(MS_PER_HOUR, 2, RoundingMode.HALF_UP);
  }
}
