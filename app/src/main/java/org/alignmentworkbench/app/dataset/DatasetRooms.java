package org.alignmentworkbench.app.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.Attachments;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.sft.job.Conversations;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// Brings training data into a project from the browser, and hands out what was left out of it.
@Controller
class DatasetRooms {
  private static final String PROJECT = "/projects/{projectId:[0-9]{1,18}}";

  private final BroughtData brought;
  private final Attachments attachments;
  private final ProjectTabs tabs;
  private final Formats formats;

  DatasetRooms(BroughtData brought, Attachments attachments, ProjectTabs tabs, Formats formats) {
    this.brought = brought;
    this.attachments = attachments;
    this.tabs = tabs;
    this.formats = formats;
  }

  /// Reads a file at once: it becomes a dataset, or the sentence says why it cannot.
  @PostMapping(PROJECT + "/datasets")
  String bring(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "file", required = false) @Nullable MultipartFile file,
      @AuthenticationPrincipal SignedInPerson person,
      Model model,
      RedirectAttributes flash)
      throws IOException {
    Project project = tabs.open(projectId, "models", model);
    flash.addFlashAttribute(
        "notice",
        file == null || file.isEmpty()
            ? Notice.of(Notice.Kind.BAD, "exchange.import.noFile")
            : bring(project, file, person));
    return "redirect:/projects/" + projectId + "/models#datasets";
  }

  private Notice bring(Project project, MultipartFile file, SignedInPerson person)
      throws IOException {
    String name = Attachments.shownName(String.valueOf(file.getOriginalFilename()));
    try (InputStream in = file.getInputStream()) {
      Conversations.Taken taken = brought.take(project, in, name, person.personId());
      return new Notice(
          taken.refused() == 0 ? Notice.Kind.GOOD : Notice.Kind.WARN,
          "dataset.brought",
          List.of(
              name,
              taken.dataset().name(),
              formats.number(taken.dataset().rowCount()),
              formats.number(taken.refused())));
    } catch (IllegalArgumentException e) {
      return new Notice(
          Notice.Kind.BAD, "exchange.import.refused", List.of(String.valueOf(e.getMessage())));
    }
  }

  /// What was left out of a file: row, rule and reason, as a table for spreadsheets.
  @GetMapping(PROJECT + "/datasets/{datasetId:[0-9]{1,18}}/files/{id:[0-9a-f]{64}}/refused")
  ResponseEntity<FileSystemResource> refused(
      @PathVariable("projectId") long projectId,
      @PathVariable("datasetId") long datasetId,
      @PathVariable("id") String sha256,
      Model model)
      throws IOException {
    tabs.open(projectId, "models", model);
    @Nullable String table = brought.refusals(projectId, datasetId, sha256);
    if (table == null) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    return attachments.of(table, "text/csv;charset=utf-8", "dataset-" + datasetId + "-refused.csv");
  }
}
