package org.alignmentworkbench.app.api;

import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunRepository;
import org.springframework.stereotype.Component;

/// Finds what a path names by number; what is not there is 404, with the number.
@Component
class OpenProject {
  private final ProjectRepository projects;
  private final RunRepository runs;

  OpenProject(ProjectRepository projects, RunRepository runs) {
    this.projects = projects;
    this.runs = runs;
  }

  Project project(long id) {
    return projects.find(id).orElseThrow(() -> Problems.notFound("there is no project " + id));
  }

  Run run(long id) {
    return runs.find(id).orElseThrow(() -> Problems.notFound("there is no run " + id));
  }
}
