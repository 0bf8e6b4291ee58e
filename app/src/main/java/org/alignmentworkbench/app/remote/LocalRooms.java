package org.alignmentworkbench.app.remote;

import java.time.Duration;
import java.time.Instant;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What the server tells commands on its own machine.
@RestController
@RequestMapping("/local")
class LocalRooms {
  private final ArtifactStore artifacts;
  private final LineageRepository lineage;

  LocalRooms(ArtifactStore artifacts, LineageRepository lineage) {
    this.artifacts = artifacts;
    this.lineage = lineage;
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
}
