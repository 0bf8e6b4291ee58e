package org.alignmentworkbench.annotation.notes;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.alignmentworkbench.annotation.AnnotationUi;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.ScriptedRequests;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.note.FlagReason;
import org.alignmentworkbench.db.note.NewNote;
import org.alignmentworkbench.db.note.NoteKind;
import org.alignmentworkbench.db.note.Notes;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// Notes over HTTP: one flags a task, asks or comments without losing it, and reads what was
/// answered. What is not in this person's hands, or not their own, does not exist for them.
@Controller
public class NoteController {
  private static final ScriptedRequests SCRIPTED = new ScriptedRequests();

  private final Notes notes;
  private final NotePages pages;
  private final Clock clock;

  NoteController(Notes notes, NotePages pages, Clock clock) {
    this.notes = notes;
    this.pages = pages;
    this.clock = clock;
  }

  /// What became of a note, for programs and the page of a task.
  record Outcome(String outcome, List<String> words) {}

  /// Own notes with what was answered; looking at them is what takes their mark away.
  @GetMapping("/label/notes")
  String notes(
      @AuthenticationPrincipal SignedInPerson person,
      @RequestParam(defaultValue = "" + Long.MAX_VALUE) long before,
      Model model) {
    mayLabel(person);
    model.addAttribute("page", pages.own(person.personId(), before));
    return "label/notes";
  }

  /// Those about a slot, as a part of the page of its task.
  @GetMapping("/label/notes/of")
  String ofSlot(
      @AuthenticationPrincipal SignedInPerson person, @RequestParam long slot, Model model) {
    mayLabel(person);
    model.addAttribute("rows", pages.ofSlot(slot, person.personId()));
    return "label/noted :: own";
  }

  /// Keeps a note about the task in hand, or about one's own judgement.
  @PostMapping("/label/notes")
  Object add(
      @AuthenticationPrincipal SignedInPerson person,
      @RequestParam(required = false) @Nullable Long slot,
      @RequestParam(required = false) @Nullable Long judgement,
      @RequestParam(defaultValue = "COMMENT") NoteKind kind,
      @RequestParam(required = false) @Nullable FlagReason reason,
      @RequestParam(defaultValue = "") String text,
      @RequestParam UUID key,
      @RequestParam(defaultValue = "/label/notes") String back,
      HttpServletRequest request,
      RedirectAttributes redirect) {
    mayLabel(person);
    String address = back.matches("/label/(work/)?[0-9]{1,18}") ? back : "/label/notes";
    NewNote note;
    try {
      // A form sends the reason that is chosen in it, whatever the kind.
      note = new NewNote(key, kind, kind == NoteKind.FLAG ? reason : null, lines(text));
    } catch (IllegalArgumentException incomplete) {
      return refused(address, request, redirect);
    }
    Optional<Long> made =
        slot != null
            ? notes.ofHeld(slot, person.personId(), note, clock.instant())
            : judgement == null
                ? Optional.empty()
                : notes.ofJudgement(judgement, person.personId(), note, clock.instant());
    if (made.isEmpty()) {
      throw notYours();
    }
    return kept(address, request, redirect);
  }

  /// Adds to an own note.
  @PostMapping("/label/notes/{note:[0-9]{1,18}}/replies")
  Object reply(
      @AuthenticationPrincipal SignedInPerson person,
      @PathVariable("note") long note,
      @RequestParam(defaultValue = "") String text,
      @RequestParam UUID key,
      HttpServletRequest request,
      RedirectAttributes redirect) {
    mayLabel(person);
    String body = lines(text).strip();
    if (body.isEmpty() || body.length() > NewNote.LONGEST) {
      return refused("/label/notes", request, redirect);
    }
    if (!notes.reply(note, person.personId(), key, body, clock.instant())) {
      throw notYours();
    }
    return kept("/label/notes", request, redirect);
  }

  /// A browser posts line ends as CRLF whatever was typed.
  private static String lines(String text) {
    return text.replace("\r\n", "\n");
  }

  private Object kept(String address, HttpServletRequest request, RedirectAttributes redirect) {
    if (SCRIPTED.matches(request)) {
      return fresh(HttpStatus.OK, new Outcome("kept", List.of(pages.word("notes.kept"))));
    }
    redirect.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "notes.kept"));
    return "redirect:" + address;
  }

  private Object refused(String address, HttpServletRequest request, RedirectAttributes redirect) {
    String longest = pages.number(NewNote.LONGEST);
    if (SCRIPTED.matches(request)) {
      return fresh(
          HttpStatus.UNPROCESSABLE_CONTENT,
          new Outcome("incomplete", List.of(pages.word("notes.incomplete", longest))));
    }
    redirect.addFlashAttribute(
        "notice", new Notice(Notice.Kind.BAD, "notes.incomplete", List.of(longest)));
    return "redirect:" + address;
  }

  private static ResponseEntity<Outcome> fresh(HttpStatus status, Outcome outcome) {
    return ResponseEntity.status(status).cacheControl(CacheControl.noStore()).body(outcome);
  }

  private static void mayLabel(SignedInPerson person) {
    if (!AnnotationUi.LABELLING_ROLES.contains(person.role())) {
      throw new AccessDeniedException(person.role() + " does not label");
    }
  }

  private static ResponseStatusException notYours() {
    return new ResponseStatusException(HttpStatus.NOT_FOUND);
  }
}
