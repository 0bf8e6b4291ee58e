package org.alignmentworkbench.app.remote;

import java.time.Duration;
import java.time.Instant;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What the server tells commands on its own machine.
@RestController
@RequestMapping("/local")
class LocalRooms {
  private final ArtifactStore artifacts;
  private final LineageRepository lineage;
  private final RunDesk runs;
  private final LinkDesk links;
  private final JudgementDesk judgements;
  private final BackupDesk backups;

  LocalRooms(
      ArtifactStore artifacts,
      LineageRepository lineage,
      RunDesk runs,
      LinkDesk links,
      JudgementDesk judgements,
      BackupDesk backups) {
    this.artifacts = artifacts;
    this.lineage = lineage;
    this.runs = runs;
    this.links = links;
    this.judgements = judgements;
    this.backups = backups;
  }

  /// That it is there.
  ///
  /// @param processId the server's process
  /// @param upSeconds how long it runs
  record Status(long processId, long upSeconds) {}

  @GetMapping("/status")
  Status status() {
    ProcessHandle self = ProcessHandle.current();
    long up =
        self.info()
            .startInstant()
            .map(start -> Duration.between(start, Instant.now()).toSeconds())
            .orElse(0L);
    return new Status(self.pid(), up);
  }

  @GetMapping("/lineage/{sha256}")
  ResponseEntity<LineageAnswer> lineage(@PathVariable String sha256) {
    return ResponseEntity.of(LineageAnswer.of(sha256, artifacts, lineage));
  }

  /// 201 with the run as it stands, or 400 with the sentence that says what cannot be.
  @PostMapping("/runs")
  ResponseEntity<Object> order(@RequestBody RunOrder order) {
    try {
      long id = runs.take(order).id();
      return ResponseEntity.status(HttpStatus.CREATED).body(runs.standing(id, 0).orElseThrow());
    } catch (IllegalArgumentException e) {
      return ResponseEntity.badRequest().body(new RunOrder.Refusal(String.valueOf(e.getMessage())));
    }
  }

  /// 201 with a one-time link, or 400 with the sentence that says why there is none.
  @PostMapping("/links")
  ResponseEntity<Object> link(@RequestBody LinkDesk.Order order) {
    try {
      return ResponseEntity.status(HttpStatus.CREATED).body(links.give(order));
    } catch (IllegalArgumentException e) {
      return ResponseEntity.badRequest().body(new RunOrder.Refusal(String.valueOf(e.getMessage())));
    }
  }

  /// 201 with the export, or 400 with the sentence that says what there is not.
  @PostMapping("/judgements/exports")
  ResponseEntity<Object> export(@RequestBody JudgementDesk.ExportOrder order) {
    try {
      return ResponseEntity.status(HttpStatus.CREATED).body(judgements.export(order));
    } catch (IllegalArgumentException e) {
      return ResponseEntity.badRequest().body(new RunOrder.Refusal(String.valueOf(e.getMessage())));
    }
  }

  /// 201 with the export of a set-up's answers, or 400 with the sentence that says what there is
  /// not.
  @PostMapping("/answers/exports")
  ResponseEntity<Object> export(@RequestBody JudgementDesk.AnswersOrder order) {
    try {
      return ResponseEntity.status(HttpStatus.CREATED).body(judgements.export(order));
    } catch (IllegalArgumentException e) {
      return ResponseEntity.badRequest().body(new RunOrder.Refusal(String.valueOf(e.getMessage())));
    }
  }

  /// 201 with the import, whose run reads the file, or 400 with the sentence that says why not.
  @PostMapping("/judgements/imports")
  ResponseEntity<Object> bring(@RequestBody JudgementDesk.ImportOrder order) {
    try {
      return ResponseEntity.status(HttpStatus.CREATED).body(judgements.bring(order));
    } catch (IllegalArgumentException e) {
      return ResponseEntity.badRequest().body(new RunOrder.Refusal(String.valueOf(e.getMessage())));
    }
  }

  /// 201 with the backup, or 400 with the sentence that says why there is none.
  @PostMapping("/backups")
  ResponseEntity<Object> backup(@RequestBody BackupDesk.Order order) {
    try {
      return ResponseEntity.status(HttpStatus.CREATED).body(backups.write(order));
    } catch (IllegalArgumentException e) {
      return ResponseEntity.badRequest().body(new RunOrder.Refusal(String.valueOf(e.getMessage())));
    }
  }

  @GetMapping("/judgements/imports/{id}")
  ResponseEntity<JudgementDesk.ImportAnswer> brought(@PathVariable long id) {
    return ResponseEntity.of(judgements.brought(id));
  }

  @GetMapping("/runs/{id}")
  ResponseEntity<RunOrder.Standing> run(
      @PathVariable long id, @RequestParam(name = "after", defaultValue = "0") long after) {
    return ResponseEntity.of(runs.standing(id, after));
  }
}
