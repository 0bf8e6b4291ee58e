package org.alignmentworkbench.app.labelling;

import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.alignmentworkbench.annotation.notes.NotePages;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.Shown;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.note.AnswerOutcome;
import org.alignmentworkbench.db.note.NewNote;
import org.alignmentworkbench.db.note.Note;
import org.alignmentworkbench.db.note.NoteKind;
import org.alignmentworkbench.db.note.NotedTask;
import org.alignmentworkbench.db.note.Notes;
import org.alignmentworkbench.db.project.Project;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// What annotators flagged, asked and said about a project's tasks; leads answer it and close it.
@Controller
class NoteRooms {
  private static final String ROOT = "/projects/{projectId:[0-9]{1,18}}/notes";
  private static final String ONE = ROOT + "/{id:[0-9]{1,18}}";
  private static final int PAGE = 50;
  private static final int EXCERPT = 160;

  private final Notes notes;
  private final NotePages pages;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;
  private final Clock clock;

  NoteRooms(
      Notes notes, NotePages pages, ProjectTabs tabs, Formats formats, Words words, Clock clock) {
    this.notes = notes;
    this.pages = pages;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
    this.clock = clock;
  }

  /// Which notes a list holds.
  enum State {
    OPEN(false),
    CLOSED(true),
    ALL(null);

    final @Nullable Boolean closed;

    State(@Nullable Boolean closed) {
      this.closed = closed;
    }
  }

  /// A note of the list.
  record NoteRow(
      long id, String kind, Chip state, String by, String said, String prompt, Moment at) {}

  /// Something that was said.
  record SaidRow(String by, String body, Moment at) {}

  @GetMapping(ROOT)
  String list(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "state", defaultValue = "OPEN") State state,
      @RequestParam(name = "kind", required = false) @Nullable NoteKind kind,
      @RequestParam(name = "before", defaultValue = "" + Long.MAX_VALUE) long before,
      Model model) {
    Project project = tabs.open(projectId, "labelling", model);
    Shown<Note> shown =
        Shown.of(notes.ofProject(projectId, state.closed, kind, before, PAGE + 1), PAGE);
    model.addAttribute("rows", shown.rows().stream().map(this::row).toList());
    model.addAttribute("more", shown.more() ? shown.rows().getLast().id() : null);
    model.addAttribute("state", state);
    model.addAttribute("states", List.of(State.values()));
    model.addAttribute("kind", kind);
    model.addAttribute("kinds", List.of(NoteKind.values()));
    model.addAttribute("open", formats.number(notes.open(projectId)));
    model.addAttribute("crumbs", crumbs(project, null));
    return "labelling/notes";
  }

  @GetMapping(ONE)
  String one(@PathVariable("projectId") long projectId, @PathVariable("id") long id, Model model) {
    Project project = tabs.open(projectId, "labelling", model);
    Note note = find(projectId, id);
    NotedTask task = notes.task(note.taskId());
    String kind = pages.kind(note);
    model.addAttribute("note", note);
    model.addAttribute("kind", kind);
    model.addAttribute("chip", chip(note));
    model.addAttribute("at", formats.moment(note.at()));
    model.addAttribute("task", task);
    model.addAttribute("pair", note.taskKind() == TaskKind.PAIR);
    model.addAttribute(
        "said",
        note.replies().stream()
            .map(reply -> new SaidRow(reply.by(), reply.body(), formats.moment(reply.at())))
            .toList());
    model.addAttribute("key", UUID.randomUUID());
    model.addAttribute("longest", NewNote.LONGEST);
    model.addAttribute("crumbs", crumbs(project, kind));
    return "labelling/note";
  }

  /// @param close whether nothing more is to be done
  @PostMapping(ONE)
  String answer(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long id,
      @RequestParam(name = "text", defaultValue = "") String text,
      @RequestParam(name = "close", defaultValue = "false") boolean close,
      @RequestParam(name = "key", required = false) @Nullable UUID key,
      @AuthenticationPrincipal SignedInPerson lead,
      RedirectAttributes flash) {
    find(projectId, id);
    if (key == null || text.length() > NewNote.LONGEST) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
    }
    String body = text.replace("\r\n", "\n");
    AnswerOutcome outcome =
        notes.answer(projectId, id, lead.personId(), key, body, close, clock.instant());
    flash.addFlashAttribute(
        "notice",
        switch (outcome) {
          case KEPT -> Notice.of(Notice.Kind.GOOD, "leadNotes.kept");
          case CLOSED -> Notice.of(Notice.Kind.GOOD, "leadNotes.closed");
          case NOTHING_SAID -> Notice.of(Notice.Kind.BAD, "leadNotes.silent");
          case NOT_THERE -> throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        });
    String root = "redirect:/projects/" + projectId + "/notes";
    return outcome == AnswerOutcome.CLOSED ? root : root + "/" + id;
  }

  private Note find(long projectId, long id) {
    return notes
        .find(projectId, id)
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private NoteRow row(Note note) {
    return new NoteRow(
        note.id(),
        pages.kind(note),
        chip(note),
        note.by(),
        formats.excerpt(note.body(), EXCERPT),
        formats.excerpt(note.prompt(), EXCERPT),
        formats.moment(note.at()));
  }

  private Chip chip(Note note) {
    if (note.closed()) {
      return new Chip("good", words.of("notes.closed"));
    }
    boolean waits = note.replies().isEmpty() || note.replies().getLast().own();
    return waits
        ? new Chip("warn", words.of("leadNotes.waits"))
        : new Chip("info", words.of("notes.answered"));
  }

  private List<Crumb> crumbs(Project project, @Nullable String note) {
    String root = "/projects/" + project.id();
    String title = words.of("leadNotes.title");
    Crumb projects = new Crumb(words.of("room.projects"), "/projects");
    Crumb own = new Crumb(project.name(), root);
    return note == null
        ? List.of(projects, own, new Crumb(title, null))
        : List.of(projects, own, new Crumb(title, root + "/notes"), new Crumb(note, null));
  }
}
