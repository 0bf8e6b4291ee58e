package org.alignmentworkbench.app.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/// Artefacts as files to be saved: never shown in the browser, and named by their hash, since they
/// never change.
@Component
public class Attachments {
  private static final int NAME_LENGTH = 120;

  private final ArtifactStore artifacts;

  Attachments(ArtifactStore artifacts) {
    this.artifacts = artifacts;
  }

  /// The content of an artefact.
  ///
  /// @param contentType with its character set, where it is text
  /// @param name what the browser calls the file
  public ResponseEntity<FileSystemResource> of(String sha256, String contentType, String name)
      throws IOException {
    Path content = artifacts.open(sha256);
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(contentType))
        .contentLength(Files.size(content))
        .eTag(sha256)
        .header("X-Artifact-SHA256", sha256)
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment().filename(name).build().toString())
        .body(new FileSystemResource(content));
  }

  /// The last part of the name of a file that was brought: it may have come with folders and with
  /// what cannot be shown.
  public static String shownName(String fileName) {
    String last = fileName.replaceFirst(".*[/\\\\]", "").replaceAll("\\p{Cntrl}", "").strip();
    String name = last.isEmpty() ? "file" : last;
    return name.length() <= NAME_LENGTH ? name : name.substring(name.length() - NAME_LENGTH);
  }
}
