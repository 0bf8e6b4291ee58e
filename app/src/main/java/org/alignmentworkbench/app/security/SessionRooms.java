package org.alignmentworkbench.app.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.app.web.Words;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// Where somebody is signed in, and the way to end it there.
@Controller
class SessionRooms {
  private static final String SESSIONS = "/account/sessions";

  private final PersonSessions sessions;
  private final Formats formats;
  private final Words words;

  SessionRooms(PersonSessions sessions, Formats formats, Words words) {
    this.sessions = sessions;
    this.formats = formats;
    this.words = words;
  }

  /// A session of the list.
  record Row(
      String key,
      boolean here,
      String agent,
      String address,
      Moment began,
      Moment seen,
      String label) {}

  @GetMapping(SESSIONS)
  String list(@AuthenticationPrincipal Account account, HttpServletRequest request, Model model) {
    List<Row> rows =
        sessions.of(account.username(), request.getSession().getId()).stream()
            .map(this::row)
            .toList();
    model.addAttribute("rows", rows);
    model.addAttribute("others", rows.stream().anyMatch(row -> !row.here()));
    return "security/sessions";
  }

  @PostMapping(SESSIONS + "/{key:[0-9a-f]{64}}/end")
  String end(
      @PathVariable("key") String key,
      @AuthenticationPrincipal Account account,
      RedirectAttributes flash) {
    if (!sessions.end(account, key)) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "session.ended"));
    return "redirect:" + SESSIONS;
  }

  @PostMapping(SESSIONS + "/others/end")
  String endOthers(
      @AuthenticationPrincipal Account account,
      HttpServletRequest request,
      RedirectAttributes flash) {
    int ended = sessions.endOthers(account, request.getSession().getId());
    flash.addFlashAttribute(
        "notice",
        new Notice(Notice.Kind.GOOD, "session.othersEnded", List.of(formats.number(ended))));
    return "redirect:" + SESSIONS;
  }

  private Row row(PersonSessions.Line line) {
    String agent = line.agent();
    String address = line.address();
    Moment began = formats.moment(line.began());
    return new Row(
        line.key(),
        line.here(),
        agent == null ? words.of("session.unknown") : agent,
        address == null ? Formats.NONE : address,
        began,
        formats.moment(line.seen()),
        words.of("session.end.label", began.brief()));
  }
}
