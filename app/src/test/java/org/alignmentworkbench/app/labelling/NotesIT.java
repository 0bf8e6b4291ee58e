package org.alignmentworkbench.app.labelling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.SeededProject;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.note.Note;
import org.alignmentworkbench.db.note.Notes;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.Queue;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// An annotator flags and asks, a lead answers and closes, and the annotator reads it.
class NotesIT {
  private static RunningServer server;
  private static SeededProject seeded;
  private static Browser judging;
  private static Browser leading;
  private static long ann;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    seeded = new SeededProject(server);
    ann = server.person("ann", Role.ANNOTATOR).id();
    server.person("lena", Role.LEAD);
    judging = server.signedIn("ann");
    leading = server.signedIn("lena");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String path() {
    return "/projects/" + seeded.projectId + "/notes";
  }

  private static Map<String, String> said(String text) {
    return Map.of("text", text, "key", UUID.randomUUID().toString());
  }

  @Test
  void a_flag_goes_to_the_leads_and_its_answer_comes_back() throws InterruptedException {
    Claim claim =
        server
            .bean(Queue.class)
            .claim(seeded.projectId, ann, Instant.now(), java.time.Duration.ofMinutes(5));
    long slot = ((Claim.Claimed) claim).slot().slotId();
    String key = UUID.randomUUID().toString();
    Map<String, String> flag =
        Map.of(
            "slot",
            "" + slot,
            "kind",
            "FLAG",
            "reason",
            "UNSAFE",
            "text",
            "<i>names</i>",
            "key",
            key);
    for (int time = 0; time < 2; time++) {
      assertThat(judging.post("/label/notes", flag).statusCode()).isEqualTo(302);
    }
    String list = leading.get(path()).body();
    assertThat(list).contains("Flag: Unsafe content", "&lt;i&gt;names&lt;/i&gt;", "Waits");
    assertThat(leading.get("/projects/" + seeded.projectId + "/labelling").body())
        .contains("Flags and questions (2)");
    Notes notes = server.bean(Notes.class);
    Note note =
        notes.ofProject(seeded.projectId, false, null, Long.MAX_VALUE, 10).stream()
            .filter(each -> each.personId() == ann)
            .findFirst()
            .orElseThrow();
    String one = path() + "/" + note.id();
    assertThat(leading.get(one).body())
        .contains("/quality/comparisons/" + note.taskId(), "/adjudication/" + note.taskId());
    // Closing says something.
    leading.post(one, Map.of("text", " ", "close", "true", "key", UUID.randomUUID().toString()));
    assertThat(notes.find(seeded.projectId, note.id()).orElseThrow().closed()).isFalse();
    Map<String, String> answer =
        Map.of("text", "Taken out.", "close", "true", "key", UUID.randomUUID().toString());
    for (int time = 0; time < 2; time++) {
      assertThat(leading.post(one, answer).statusCode()).isEqualTo(302);
    }
    assertThat(Jsoup.parse(leading.get(one).body()).select("[data-role=note-reply]")).hasSize(1);
    assertThat(leading.get(path()).body()).doesNotContain("Unsafe content");
    assertThat(leading.get(path() + "?state=CLOSED&kind=FLAG").body()).contains("Unsafe content");
    assertThat(judging.get("/label").body()).contains("A lead has answered you.");
    assertThat(judging.get("/label/notes").body()).contains("Taken out.", "Closed", "New");
    assertThat(judging.get("/label").body()).doesNotContain("A lead has answered you.");
    // Who adds to it opens it again.
    judging.post("/label/notes/" + note.id() + "/replies", said("There is another one."));
    assertThat(leading.get(path()).body()).contains("Unsafe content");
    // Whoever looks leaves a trace, which is written after the page has gone out.
    for (int tries = 0; !looked(one) && tries < 100; tries++) {
      Thread.sleep(100);
    }
    assertThat(looked(one)).isTrue();
    List<String> trail =
        server.bean(AuditRepository.class).latest(60).stream()
            .filter(event -> event.subject().equals("note " + note.id()))
            .map(event -> event.action())
            .toList();
    assertThat(trail).containsExactly("note.reply", "note.close", "note.answer", "note.made");
  }

  private static boolean looked(String path) {
    return server.bean(AuditRepository.class).latest(60).stream()
        .anyMatch(event -> event.action().equals("seen.notes") && event.subject().equals(path));
  }

  @Test
  void a_note_of_one_project_is_not_there_under_the_address_of_another() {
    long other = server.bean(ProjectRepository.class).create("other", 1, "{}").id();
    String one = "/projects/" + other + "/notes/" + seeded.noteId;
    assertThat(leading.get(one).statusCode()).isEqualTo(404);
    assertThat(leading.post(one, said("x")).statusCode()).isEqualTo(404);
    assertThat(judging.get(path()).statusCode()).isEqualTo(404);
    assertThat(
            judging
                .post("/label/notes/" + seeded.noteId + "/replies", said("not mine"))
                .statusCode())
        .isEqualTo(404);
  }
}
