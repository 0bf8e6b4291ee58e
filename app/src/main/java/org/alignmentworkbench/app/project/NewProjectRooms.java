package org.alignmentworkbench.app.project;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.project.Project;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// The form of a new project.
@Controller
class NewProjectRooms {
  private static final int LONGEST_NAME = 120;

  /// Who sees the first steps of labelling on the overview.
  private static final Set<String> LEADING = Set.of("ADMIN", "LEAD");

  private final ProjectStart start;
  private final Words words;

  NewProjectRooms(ProjectStart start, Words words) {
    this.start = start;
    this.words = words;
  }

  @GetMapping("/projects/new")
  String form(Model model) {
    return show("", "1", null, null, model);
  }

  @PostMapping("/projects/new")
  String make(
      @RequestParam(name = "name", defaultValue = "") String typedName,
      @RequestParam(name = "seed", defaultValue = "") String typedSeed,
      @AuthenticationPrincipal SignedInPerson person,
      HttpServletResponse response,
      RedirectAttributes flash,
      Model model) {
    String name = typedName.strip();
    @Nullable String nameFault = null;
    @Nullable String seedFault = null;
    long seed = 0;
    if (name.isEmpty() || name.length() > LONGEST_NAME || !Words.oneLine(name).equals(name)) {
      nameFault = words.of("project.name.bad");
    }
    try {
      seed = Long.parseLong(typedSeed.strip());
    } catch (NumberFormatException e) {
      seedFault = words.of("launch.seed.bad", typedSeed);
    }
    if (nameFault == null && seedFault == null && start.hasShipped()) {
      try {
        Project project = start.begin(person.personId(), name, seed);
        flash.addFlashAttribute(
            "notice",
            Notice.of(
                Notice.Kind.GOOD,
                LEADING.contains(person.role()) ? "project.made.lead" : "project.made"));
        return "redirect:/projects/" + project.id();
      } catch (DuplicateKeyException e) {
        nameFault = words.of("project.name.taken");
      }
    }
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    return show(typedName, typedSeed, nameFault, seedFault, model);
  }

  private String show(
      String name,
      String seed,
      @Nullable String nameFault,
      @Nullable String seedFault,
      Model model) {
    model.addAttribute("name", name);
    model.addAttribute("seed", seed);
    model.addAttribute("nameFault", nameFault);
    model.addAttribute("seedFault", seedFault);
    if (!start.hasShipped()) {
      model.addAttribute(
          "notice",
          new Notice(Notice.Kind.BAD, "project.noBase", List.of(String.valueOf(start.shipped()))));
    }
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(words.of("project.new"), null)));
    return "project/new";
  }
}
