package org.alignmentworkbench.app.web;

import java.util.List;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;
import org.springframework.web.server.ResponseStatusException;

/// What all rooms of a project have in common: the project itself, its tabs and the way to it.
@Component
public class ProjectTabs {
  private static final List<String> KEYS =
      List.of("overview", "prompts", "labelling", "quality", "runs", "models", "evaluations");

  /// Whoever only looks is told nothing about single people's work.
  private static final String NOT_FOR_VIEWERS = "quality";

  private final ProjectRepository projects;
  private final Words words;

  ProjectTabs(ProjectRepository projects, Words words) {
    this.projects = projects;
    this.words = words;
  }

  /// A tab of a project.
  public record Tab(String text, String href, boolean chosen) {}

  /// Finds the project and puts name, tabs and crumbs in the model; 404 where there is none.
  public Project open(long projectId, String chosen, Model model) {
    Project project =
        projects
            .find(projectId)
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    String root = "/projects/" + projectId;
    model.addAttribute("project", project);
    model.addAttribute(
        "tabs",
        KEYS.stream()
            .filter(key -> !(key.equals(NOT_FOR_VIEWERS) && onlyLooks()))
            .map(key ->
                new Tab(
                    words.of("tab." + key),
                    key.equals("overview") ? root : root + "/" + key,
                    key.equals(chosen)))
            .toList());
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            chosen.equals("overview")
                ? new Crumb(project.name(), null)
                : new Crumb(project.name(), root)));
    return project;
  }

  private static boolean onlyLooks() {
    Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
    return authentication != null
        && authentication.getPrincipal() instanceof SignedInPerson person
        && person.role().equals("VIEWER");
  }
}
