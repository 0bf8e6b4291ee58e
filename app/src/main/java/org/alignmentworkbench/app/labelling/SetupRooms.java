package org.alignmentworkbench.app.labelling;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.Option;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.labelling.SetupDesk.Brought;
import org.alignmentworkbench.app.labelling.SetupDesk.Wish;
import org.alignmentworkbench.app.web.Choice;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.exchange.BroughtWork.Item;
import org.alignmentworkbench.db.kind.Harm;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.model.Model.Kind;
import org.alignmentworkbench.db.model.ModelRepository;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.prompt.Split;
import org.alignmentworkbench.db.task.Setup;
import org.alignmentworkbench.db.task.Setups.Made;
import org.alignmentworkbench.rlhf.job.Stores;
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
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// Where a lead says what annotators are to do: the kind of task, how it is asked, how often, and
/// what the tasks are made of.
@Controller
class SetupRooms {
  private static final String SETUP = "/projects/{projectId:[0-9]{1,18}}/labelling/setup";

  private final SetupDesk desk;
  private final ModelRepository models;
  private final WorkDatasets datasets;
  private final SetupRows rows;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;

  SetupRooms(
      SetupDesk desk,
      Stores stores,
      WorkDatasets datasets,
      SetupRows rows,
      ProjectTabs tabs,
      Formats formats,
      Words words) {
    this.desk = desk;
    this.models = stores.models();
    this.datasets = datasets;
    this.rows = rows;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
  }

  @GetMapping(SETUP)
  String form(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "kind", defaultValue = "GRADE") TaskKind kind,
      Model model) {
    Project project = tabs.open(projectId, "labelling", model);
    return show(project, SetupForm.start(kind, words), null, model);
  }

  /// Makes the tasks, or says how many there would be.
  @PostMapping(SETUP)
  Object make(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "kind", defaultValue = "GRADE") TaskKind kind,
      @RequestParam(name = "go", defaultValue = "make") String go,
      @RequestParam(name = "file", required = false) @Nullable MultipartFile file,
      @RequestParam MultiValueMap<String, String> fields,
      @AuthenticationPrincipal SignedInPerson person,
      Model model,
      RedirectAttributes flash)
      throws IOException {
    Project project = tabs.open(projectId, "labelling", model);
    SetupForm form = SetupForm.read(kind, fields::getFirst);
    try {
      Wish wish = wish(form, words, file);
      int tasks = desk.count(projectId, wish);
      if (tasks == 0) {
        return refused(project, form, words.of("setup.nothing"), model);
      }
      if (go.equals("count")) {
        model.addAttribute("notice", counted(tasks, wish));
        return show(project, form, null, model);
      }
      flash.addFlashAttribute("notice", notice(desk.make(project, wish, person.personId())));
      return "redirect:/projects/%d/labelling/setup?kind=%s".formatted(project.id(), form.kind());
    } catch (IllegalArgumentException e) {
      return refused(project, form, String.valueOf(e.getMessage()), model);
    }
  }

  private static Wish wish(SetupForm form, Words words, @Nullable MultipartFile file)
      throws IOException {
    return new Wish(
        form.question(words),
        form.wantedOverlap(words),
        form.answersOfATask(words),
        form.split(),
        form.model(),
        form.mostTasks(words),
        form.repeatPercent(words),
        form.mixed(),
        file == null || !chosen(file)
            ? null
            : new Brought(brought(file, form.kind()), file::getInputStream));
  }

  /// A browser sends a file without a name where none was chosen. An empty file that somebody chose
  /// is one that cannot be read, not a wish for tasks of everything that the project has.
  private static boolean chosen(MultipartFile file) {
    String name = file.getOriginalFilename();
    return !file.isEmpty() || (name != null && !name.isEmpty());
  }

  private static List<Item> brought(MultipartFile file, TaskKind kind) throws IOException {
    if (file.getSize() > WorkLines.LARGEST) {
      throw new IllegalArgumentException(
          "the file must have %d bytes or fewer, has %d"
              .formatted(WorkLines.LARGEST, file.getSize()));
    }
    try (InputStream in = file.getInputStream()) {
      return WorkLines.read(in, kind);
    }
  }

  /// Makes a dataset of what was written, for a supervised fine-tuning to learn.
  @PostMapping(SETUP + "/{id:[0-9]{1,18}}/dataset")
  String learn(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long id,
      @AuthenticationPrincipal SignedInPerson person,
      Model model,
      RedirectAttributes flash)
      throws IOException {
    tabs.open(projectId, "labelling", model);
    Setup setup =
        desk.find(projectId, id)
            .filter(SetupRows::learnable)
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    flash.addFlashAttribute(
        "notice",
        datasets
            .make(setup, person.personId())
            .map(made ->
                new Notice(
                    Notice.Kind.GOOD,
                    "setup.learnt",
                    List.of(made.name(), formats.number(made.rowCount()))))
            .orElse(Notice.of(Notice.Kind.WARN, "setup.learnt.nothing")));
    return "redirect:/projects/" + projectId + "/labelling/setup?kind=" + setup.question().kind();
  }

  private ModelAndView refused(Project project, SetupForm form, String problem, Model model) {
    String page = show(project, form, problem, model);
    return new ModelAndView(page, model.asMap(), HttpStatus.UNPROCESSABLE_CONTENT);
  }

  /// A browser does not send a file again by itself, which has to be said.
  private Notice counted(int tasks, Wish wish) {
    return new Notice(
        Notice.Kind.INFO,
        wish.brought() == null ? "setup.counted" : "setup.counted.file",
        List.of(formats.number(tasks), formats.number((long) tasks * wish.overlap())));
  }

  private Notice notice(Made made) {
    List<String> counts = List.of(formats.number(made.made()), formats.number(made.there()));
    return made.made() == 0
        ? new Notice(Notice.Kind.INFO, "setup.there", counts)
        : new Notice(Notice.Kind.GOOD, "setup.made", counts);
  }

  private String show(Project project, SetupForm form, @Nullable String problem, Model model) {
    String root = "/projects/" + project.id();
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), root),
            new Crumb(words.of("tab.labelling"), root + "/labelling"),
            new Crumb(words.of("setup.title"), null)));
    model.addAttribute("form", form);
    model.addAttribute("problem", problem);
    model.addAttribute(
        "kinds",
        SetupForm.KINDS.stream()
            .map(kind ->
                new Choice(
                    words.of("setup.kind." + kind),
                    root + "/labelling/setup?kind=" + kind,
                    kind == form.kind()))
            .toList());
    model.addAttribute("what", words.of("setup.kind." + form.kind() + ".what"));
    model.addAttribute("example", example(form.kind()));
    model.addAttribute("presets", options("setup.preset.", "four", "summary", "own"));
    model.addAttribute(
        "harms",
        Stream.of(Harm.values())
            .map(harm -> new Option(harm.name(), words.of("work.harm." + harm)))
            .toList());
    model.addAttribute("splits", splits());
    model.addAttribute("models", modelOptions(project.id()));
    model.addAttribute("setups", desk.all(project.id()).stream().map(rows::of).toList());
    return "labelling/setup";
  }

  /// A line of a file for the kind: as many answers as its task has, or two where that is open.
  private static String example(TaskKind kind) {
    String answers =
        switch (Math.min(kind.mostAnswers(), Math.max(2, kind.fewestAnswers()))) {
          case 0 -> "";
          case 1 -> ", \"answers\": [\"…\"]";
          default -> ", \"answers\": [\"…\", \"…\"]";
        };
    return "{\"prompt\": \"…\"%s, \"language\": \"en\"}".formatted(answers);
  }

  private List<Option> options(String prefix, String... values) {
    return Stream.of(values).map(value -> new Option(value, words.of(prefix + value))).toList();
  }

  private List<Option> splits() {
    return Stream.concat(
            Stream.of(new Option("", words.of("setup.split.all"))),
            Stream.of(Split.values())
                .map(split -> new Option(split.name(), words.of("setup.split." + split))))
        .toList();
  }

  private List<Option> modelOptions(long projectId) {
    return Stream.concat(
            Stream.of(new Option("", words.of("setup.model.all"))),
            models.ofProject(projectId).stream()
                .filter(model -> model.kind() != Kind.REWARD_MODEL)
                .map(model -> new Option(model.name(), model.name())))
        .toList();
  }
}
