package org.alignmentworkbench.app.launch;

import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.alignmentworkbench.rlhf.settings.SettingGroup;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The form of a new run: choose a job, see all its settings, change some, queue it. A run that is
/// there can be the beginning, and so can settings as text.
@Controller
class LaunchRooms {
  private static final String NEW_RUN = "/projects/{projectId:[0-9]{1,18}}/runs/new";

  /// The jobs in the order in which a project meets them; others come after them by name.
  private static final List<String> ORDER =
      List.of(
          "supervisedFineTuning",
          "itecRound",
          "rewardModelTraining",
          "mirrorDescentRlhf",
          "evaluation",
          "compression",
          "featureAdapter",
          "export");

  private final RunQueue queue;
  private final RunLaunch launch;
  private final LaunchForm forms;
  private final RunRepository runs;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;

  LaunchRooms(
      RunQueue queue,
      RunLaunch launch,
      LaunchForm forms,
      RunRepository runs,
      ProjectTabs tabs,
      Formats formats,
      Words words) {
    this.queue = queue;
    this.launch = launch;
    this.forms = forms;
    this.runs = runs;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
  }

  /// @param parameters settings to begin with, as the form itself sends them
  @GetMapping(NEW_RUN)
  String begin(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "job", defaultValue = "") String job,
      @RequestParam(name = "from", required = false) @Nullable Long from,
      @RequestParam MultiValueMap<String, String> parameters,
      Model model) {
    Project project = open(projectId, model);
    if (from != null) {
      return again(project, from, model);
    }
    if (job.isEmpty()) {
      model.addAttribute("jobs", jobs());
      return "launch/jobs";
    }
    SettingGroup settings = settings(job);
    SettingsForm form =
        launch.free(project, job, settings, SettingsForm.sent(settings, parameters));
    String name = launch.freeName(project, words.named("job.", job));
    return show(
        project, job, name, String.valueOf(project.seed()), settings, form, Map.of(), model);
  }

  private String again(Project project, long runId, Model model) {
    Run run =
        runs.find(runId)
            .filter(found -> found.projectId() == project.id())
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    SettingGroup settings = settings(run.jobName());
    ObjectNode given = (ObjectNode) JsonMapper.shared().readTree(run.configuration());
    SettingsForm form =
        launch.free(project, run.jobName(), settings, SettingsForm.of(settings).with(given));
    model.addAttribute("from", run);
    return show(
        project,
        run.jobName(),
        launch.freeName(project, words.of("launch.again", run.name())),
        String.valueOf(run.seed()),
        settings,
        form,
        Map.of(),
        model);
  }

  /// @param fill settings as text that shall be laid over the fields before anything is queued
  @PostMapping(NEW_RUN)
  String send(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "job", defaultValue = "") String job,
      @RequestParam(name = "name", defaultValue = "") String typedName,
      @RequestParam(name = "seed", defaultValue = "") String typedSeed,
      @RequestParam(name = "yaml", defaultValue = "") String yaml,
      @RequestParam(name = "fill", required = false) @Nullable String fill,
      @RequestParam MultiValueMap<String, String> parameters,
      @AuthenticationPrincipal SignedInPerson person,
      HttpServletResponse response,
      RedirectAttributes flash,
      Model model) {
    Project project = open(projectId, model);
    if (queue.defaults(job).isEmpty()) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("jobs", jobs());
      return "launch/jobs";
    }
    SettingGroup settings = settings(job);
    SettingsForm form = SettingsForm.sent(settings, parameters);
    String name = typedName.strip();
    if (fill != null) {
      return fill(project, job, name, typedSeed, settings, form, yaml, response, model);
    }
    return switch (launch.queue(project, person.personId(), job, name, typedSeed, settings, form)) {
      case RunLaunch.Outcome.Queued queued -> {
        flash.addFlashAttribute(
            "notice",
            new Notice(
                Notice.Kind.GOOD,
                "launch.queued",
                List.of(formats.number(queue.waiting().size()))));
        yield "redirect:/runs/" + queued.run().id();
      }
      case RunLaunch.Outcome.Refused refused -> {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        model.addAttribute(
            "notice",
            new Notice(
                Notice.Kind.BAD,
                "launch.refused",
                List.of(formats.number(refused.faults().size()))));
        yield show(project, job, name, typedSeed, settings, form, refused.faults(), model);
      }
    };
  }

  private String fill(
      Project project,
      String job,
      String name,
      String typedSeed,
      SettingGroup settings,
      SettingsForm form,
      String yaml,
      HttpServletResponse response,
      Model model) {
    SettingsForm filled = form;
    Map<String, String> faults = Map.of();
    try {
      filled = form.with(SettingsText.read(yaml));
      faults = filled.read(settings).faults();
    } catch (IllegalArgumentException e) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("yaml", yaml);
      model.addAttribute("yamlFault", String.valueOf(e.getMessage()));
    }
    return show(project, job, name, typedSeed, settings, filled, faults, model);
  }

  private String show(
      Project project,
      String job,
      String name,
      String seed,
      SettingGroup settings,
      SettingsForm form,
      Map<String, String> faults,
      Model model) {
    model.addAttribute("job", job);
    model.addAttribute("jobTitle", words.named("job.", job));
    model.addAttribute("jobLead", words.orElse("job." + job + ".lead", ""));
    model.addAttribute("name", name);
    model.addAttribute("nameFault", faults.get(RunLaunch.NAME));
    model.addAttribute("seed", seed);
    model.addAttribute("seedFault", faults.get(RunLaunch.SEED));
    model.addAttribute("groups", forms.groups(settings, form, faults));
    model.addAttribute("suggestions", forms.suggestions(project.id()));
    List<String> general = new ArrayList<>();
    form.unknown().forEach((path, value) -> general.add(words.of("launch.unknown", path, value)));
    String whole = faults.get(RunLaunch.WHOLE);
    if (whole != null && form.unknown().isEmpty()) {
      general.add(whole);
    }
    model.addAttribute("unknown", form.unknown());
    model.addAttribute("general", general);
    return "launch/form";
  }

  private List<LaunchViews.Job> jobs() {
    List<String> names = new ArrayList<>(ORDER);
    names.retainAll(queue.jobNames());
    queue.jobNames().stream().filter(name -> !ORDER.contains(name)).forEach(names::add);
    return names.stream()
        .map(name ->
            new LaunchViews.Job(
                name,
                words.named("job.", name),
                words.orElse("job." + name + ".lead", ""),
                forms.count(settings(name))))
        .toList();
  }

  private SettingGroup settings(String job) {
    return queue
        .defaults(job)
        .map(SettingGroup::of)
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private Project open(long projectId, Model model) {
    Project project = tabs.open(projectId, "runs", model);
    String root = "/projects/" + projectId;
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), root),
            new Crumb(words.of("runs.title"), root + "/runs"),
            new Crumb(words.of("launch.title"), null)));
    return project;
  }
}
