package org.alignmentworkbench.app.labelling;

import java.io.IOException;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.Attachments;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.db.exchange.WorkExports.WorkExportRow;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.Setup;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/// What was answered to a set-up whose tasks are no comparisons, as a file of one format.
@Controller
class WorkExportRooms {
  private static final String ANSWERS =
      "/projects/{projectId:[0-9]{1,18}}/labelling/setup/{id:[0-9]{1,18}}/answers";

  private final SetupDesk desk;
  private final WorkExport export;
  private final Attachments attachments;
  private final ProjectTabs tabs;

  WorkExportRooms(SetupDesk desk, WorkExport export, Attachments attachments, ProjectTabs tabs) {
    this.desk = desk;
    this.export = export;
    this.attachments = attachments;
    this.tabs = tabs;
  }

  @GetMapping(ANSWERS + ".jsonl")
  ResponseEntity<FileSystemResource> lines(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long id,
      @RequestParam(name = "withdrawn", defaultValue = "false") boolean withdrawn,
      @AuthenticationPrincipal SignedInPerson person,
      Model model)
      throws IOException {
    return file(projectId, id, WorkFormat.JSONL, withdrawn, person, model);
  }

  @GetMapping(ANSWERS + ".csv")
  ResponseEntity<FileSystemResource> table(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long id,
      @RequestParam(name = "withdrawn", defaultValue = "false") boolean withdrawn,
      @AuthenticationPrincipal SignedInPerson person,
      Model model)
      throws IOException {
    return file(projectId, id, WorkFormat.CSV, withdrawn, person, model);
  }

  @GetMapping(ANSWERS + ".parquet")
  ResponseEntity<FileSystemResource> columns(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long id,
      @RequestParam(name = "withdrawn", defaultValue = "false") boolean withdrawn,
      @AuthenticationPrincipal SignedInPerson person,
      Model model)
      throws IOException {
    return file(projectId, id, WorkFormat.PARQUET, withdrawn, person, model);
  }

  private ResponseEntity<FileSystemResource> file(
      long projectId,
      long id,
      WorkFormat format,
      boolean withdrawn,
      SignedInPerson person,
      Model model)
      throws IOException {
    tabs.open(projectId, "labelling", model);
    Setup setup =
        desk.find(projectId, id)
            .filter(each -> each.question().kind() != TaskKind.PAIR)
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    WorkExportRow row = export.make(setup, format, withdrawn, person.personId());
    return attachments.of(
        row.artifactSha256(), format.contentType(), WorkExport.fileName(setup, row, format));
  }
}
