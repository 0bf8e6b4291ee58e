package org.alignmentworkbench.app.lineage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.alignmentworkbench.db.view.ArtifactLine;
import org.alignmentworkbench.db.view.DatasetCounts;
import org.alignmentworkbench.db.view.LineageStep;
import org.alignmentworkbench.db.view.LineageView;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/// An artefact's page: what it was made from down to the rows, and what was made from it.
@Controller
class LineageRooms {
  private final LineageView lineage;
  private final MembershipRepository memberships;
  private final Formats formats;
  private final Words words;

  LineageRooms(
      LineageView lineage, MembershipRepository memberships, Formats formats, Words words) {
    this.lineage = lineage;
    this.memberships = memberships;
    this.formats = formats;
    this.words = words;
  }

  /// A line of a tree. Lines come in the order of the tree, each with its depth.
  ///
  /// @param rows for a dataset, what its rows come from
  record Line(
      int depth,
      String kind,
      String name,
      String sha256,
      String shortHash,
      String role,
      @Nullable Long runId,
      String runName,
      String size,
      boolean swept,
      boolean repeated,
      @Nullable Rows rows) {}

  /// What a dataset's rows come from.
  record Rows(
      String rows,
      String prompts,
      String responses,
      String judgements,
      String byPeople,
      String scripted,
      String people,
      boolean judged) {}

  /// The artefact itself.
  record Artifact(
      String kind, String name, String sha256, String shortHash, String size, boolean swept) {}

  @GetMapping("/lineage/{sha256:[0-9a-f]{64}}")
  String artifact(
      @PathVariable("sha256") String sha256,
      @AuthenticationPrincipal SignedInPerson person,
      Model model) {
    ArtifactLine artifact =
        lineage.find(sha256).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    List<LineageStep> ancestors = seen(lineage.ancestors(sha256), person);
    List<LineageStep> descendants = seen(lineage.descendants(sha256), person);
    Map<String, Rows> datasets =
        datasets(
            Stream.concat(
                    Stream.of(artifact), Stream.concat(reached(ancestors), reached(descendants)))
                .filter(a -> a.kind().equals("DATASET"))
                .map(ArtifactLine::sha256)
                .distinct()
                .toList());
    model.addAttribute(
        "artifact",
        new Artifact(
            kind(artifact),
            name(artifact),
            sha256,
            formats.shortHash(sha256),
            formats.bytes(artifact.bytes()),
            artifact.swept()));
    model.addAttribute("rows", datasets.get(sha256));
    model.addAttribute("ancestors", lines(LineageTree.of(sha256, ancestors), datasets));
    model.addAttribute("descendants", lines(LineageTree.of(sha256, descendants), datasets));
    model.addAttribute("edges", formats.number(ancestors.size() + descendants.size()));
    String title = name(artifact).isEmpty() ? formats.shortHash(sha256) : name(artifact);
    model.addAttribute("title", title);
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(words.of("lineage.title"), null),
            new Crumb(title, null)));
    return "lineage/artifact";
  }

  /// From the first digits of a hash to its page.
  @GetMapping("/lineage")
  String find(
      @RequestParam(name = "hash", defaultValue = "") String typed,
      @AuthenticationPrincipal SignedInPerson person) {
    String prefix = typed.strip().toLowerCase(Locale.ROOT);
    return lineage
        .byPrefix(prefix)
        .filter(sha256 -> memberships.hidden(Set.of(sha256), person.personId()).isEmpty())
        .map(sha256 -> "redirect:/lineage/" + sha256)
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  /// Without what only projects made that this person may not see.
  private List<LineageStep> seen(List<LineageStep> steps, SignedInPerson person) {
    Set<String> hidden =
        memberships.hidden(
            steps.stream().map(step -> step.artifact().sha256()).toList(), person.personId());
    return steps.stream().filter(step -> !hidden.contains(step.artifact().sha256())).toList();
  }

  private static Stream<ArtifactLine> reached(List<LineageStep> steps) {
    return steps.stream().map(LineageStep::artifact);
  }

  private Map<String, Rows> datasets(List<String> sha256s) {
    Map<String, Rows> found = new HashMap<>();
    if (sha256s.isEmpty()) {
      return found;
    }
    for (DatasetCounts counts : lineage.datasets(sha256s)) {
      if (counts.rows() == 0) {
        continue;
      }
      found.putIfAbsent(
          counts.artifactSha256(),
          new Rows(
              formats.number(counts.rows()),
              formats.number(counts.prompts()),
              formats.number(counts.responses()),
              formats.number(counts.judgements()),
              formats.number(counts.judgements() - counts.scripted()),
              formats.number(counts.scripted()),
              formats.number(counts.people()),
              counts.judgements() > 0));
    }
    return found;
  }

  private List<Line> lines(List<LineageTree.Node> nodes, Map<String, Rows> datasets) {
    List<Line> lines = new ArrayList<>();
    collect(nodes, 1, datasets, lines);
    return lines;
  }

  private void collect(
      List<LineageTree.Node> nodes, int depth, Map<String, Rows> datasets, List<Line> lines) {
    for (LineageTree.Node node : nodes) {
      LineageStep step = node.step();
      ArtifactLine artifact = step.artifact();
      lines.add(
          new Line(
              depth,
              kind(artifact),
              name(artifact),
              artifact.sha256(),
              formats.shortHash(artifact.sha256()),
              words.named("edge.", step.role()),
              step.runId(),
              step.runName() == null ? "" : step.runName(),
              formats.bytes(artifact.bytes()),
              artifact.swept(),
              node.repeated(),
              datasets.get(artifact.sha256())));
      collect(node.below(), depth + 1, datasets, lines);
    }
  }

  private String kind(ArtifactLine artifact) {
    return words.of("artifact." + artifact.kind());
  }

  private static String name(ArtifactLine artifact) {
    return artifact.name() == null ? "" : artifact.name();
  }
}
