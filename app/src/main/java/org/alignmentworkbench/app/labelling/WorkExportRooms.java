package org.alignmentworkbench.app.labelling;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.exchange.WorkRow;
import org.alignmentworkbench.db.exchange.WorkRows;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.Setup;
import org.alignmentworkbench.db.task.Setups;
import org.alignmentworkbench.model.dataset.SheetWriter;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What was answered to a set-up whose tasks are no comparisons, as a file: JSON Lines for
/// programs, a table for spreadsheets. Each row is a judgement or a skip; all rows have the same
/// keys.
@Controller
class WorkExportRooms {
  private static final String ANSWERS =
      "/projects/{projectId:[0-9]{1,18}}/labelling/setup/{id:[0-9]{1,18}}/answers";

  /// Of the rows' keys; a change of them changes it.
  private static final int SCHEMA = 1;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Setups setups;
  private final WorkRows rows;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final ProjectTabs tabs;

  WorkExportRooms(
      Setups setups,
      WorkRows rows,
      AuditRepository audit,
      TransactionTemplate transaction,
      ProjectTabs tabs) {
    this.setups = setups;
    this.rows = rows;
    this.audit = audit;
    this.transaction = transaction;
    this.tabs = tabs;
  }

  @GetMapping(ANSWERS + ".jsonl")
  ResponseEntity<StreamingResponseBody> lines(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long id,
      @AuthenticationPrincipal SignedInPerson person,
      Model model) {
    Setup setup = setup(projectId, id, model);
    note(person, setup, "jsonl");
    return attachment(
        setup,
        "application/x-ndjson",
        "jsonl",
        out ->
            each(
                setup,
                row -> {
                  out.write(
                      JSON.writeValueAsString(line(setup, row)).getBytes(StandardCharsets.UTF_8));
                  out.write('\n');
                }));
  }

  @GetMapping(ANSWERS + ".csv")
  ResponseEntity<StreamingResponseBody> table(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long id,
      @AuthenticationPrincipal SignedInPerson person,
      Model model) {
    Setup setup = setup(projectId, id, model);
    note(person, setup, "csv");
    return attachment(
        setup,
        "text/csv",
        "csv",
        out -> {
          try (SheetWriter sheet = SheetWriter.open(out, header(setup))) {
            each(setup, row -> sheet.row(cells(setup, row)));
          }
        });
  }

  private Setup setup(long projectId, long id, Model model) {
    tabs.open(projectId, "labelling", model);
    return setups.ofProject(projectId).stream()
        .filter(setup -> setup.id() == id && setup.question().kind() != TaskKind.PAIR)
        .findFirst()
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private void note(SignedInPerson person, Setup setup, String format) {
    audit.record(
        person.personId(),
        "judgements.export",
        "project " + setup.projectId(),
        JSON.writeValueAsString(Map.of("format", format, "setup", setup.id())));
  }

  /// What is done with a row.
  private interface Writing {
    void write(WorkRow row) throws IOException;
  }

  private void each(Setup setup, Writing writing) {
    transaction.executeWithoutResult(_ -> {
      try (Stream<WorkRow> all = rows.of(setup.id())) {
        for (WorkRow row : (Iterable<WorkRow>) all::iterator) {
          writing.write(row);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  private static ResponseEntity<StreamingResponseBody> attachment(
      Setup setup, String type, String extension, StreamingResponseBody body) {
    String name =
        "answers-%s-%d.%s"
            .formatted(
                setup.question().kind().name().toLowerCase(Locale.ROOT), setup.id(), extension);
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(type + ";charset=utf-8"))
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment().filename(name).build().toString())
        .body(out -> {
          try (OutputStream buffered = new BufferedOutputStream(out)) {
            body.writeTo(buffered);
          }
        });
  }

  private static ObjectNode line(Setup setup, WorkRow row) {
    ObjectNode line = JSON.createObjectNode();
    line.put("schema", SCHEMA);
    line.put("kind", setup.question().kind().name());
    line.put("task", row.taskKey());
    line.put("prompt_key", row.promptKey());
    line.put("prompt", row.prompt());
    row.responseKeys().forEach(line.putArray("response_keys")::add);
    row.responses().forEach(line.putArray("responses")::add);
    line.put("status", status(row));
    line.set("question", JSON.readTree(KindJson.write(setup.question())));
    line.set("answer", row.answer() == null ? JSON.nullNode() : JSON.readTree(row.answer()));
    line.put("reason", row.reason());
    line.put("annotator", row.annotator());
    line.put("active_ms", row.activeMs());
    line.put("guideline_version", row.guidelineVersion());
    line.put("scripted", row.scripted());
    line.put("at", row.at().toString());
    return line;
  }

  private static String status(WorkRow row) {
    return row.answer() == null ? "skipped" : "judged";
  }

  private static List<String> header(Setup setup) {
    List<String> header = new ArrayList<>(List.of("task", "prompt", "responses", "status"));
    header.addAll(answerColumns(setup));
    header.addAll(
        List.of("reason", "annotator", "active_ms", "guideline_version", "scripted", "at"));
    return header;
  }

  private static List<String> answerColumns(Setup setup) {
    return switch (setup.question()) {
      case Question.Choice _ -> List.of("choice", "strength");
      case Question.Grade(var dimensions) ->
          dimensions.stream().map(dimension -> "level." + dimension.key()).toList();
      case Question.Rank _ -> List.of("places");
      case Question.Span _ -> List.of("passages");
      case Question.RedTeam _ -> List.of("asked", "answered", "policy", "severity");
      case Question.Demonstration _, Question.Edit _, Question.Pair _ -> List.of("text");
    };
  }

  private static List<String> cells(Setup setup, WorkRow row) {
    List<String> cells =
        new ArrayList<>(
            List.of(
                row.taskKey(), row.prompt(), String.join("\n\n", row.responses()), status(row)));
    cells.addAll(answerCells(setup, row));
    cells.add(row.reason());
    cells.add(row.annotator());
    cells.add(row.activeMs() == null ? "" : row.activeMs().toString());
    cells.add(row.guidelineVersion() == null ? "" : row.guidelineVersion().toString());
    cells.add(Boolean.toString(row.scripted()));
    cells.add(row.at().toString());
    return cells;
  }

  private static List<String> answerCells(Setup setup, WorkRow row) {
    if (row.answer() == null) {
      return answerColumns(setup).stream().map(_ -> "").toList();
    }
    return switch (KindJson.answer(row.answer())) {
      case Answer.Chosen(var choice, int strength, var _) ->
          List.of(choice.name(), Integer.toString(strength));
      case Answer.Graded(var levels) ->
          answerColumns(setup).stream()
              .map(column -> String.valueOf(levels.get(column.substring("level.".length()))))
              .toList();
      case Answer.Ranked(var places, var _) ->
          List.of(String.join(" ", places.stream().map(String::valueOf).toList()));
      case Answer.Attacked(String prompt, String response, String policy, int severity) ->
          List.of(prompt, response, policy, Integer.toString(severity));
      case Answer.Written(String text) -> List.of(text);
      case Answer.Edited(String text) -> List.of(text);
      case Answer.Marked marked ->
          List.of(JSON.readTree(KindJson.write(marked)).get("passages").toString());
    };
  }
}
