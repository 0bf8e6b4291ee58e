package org.alignmentworkbench.app.labelling;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.Option;
import org.alignmentworkbench.annotation.page.Progress;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.Choice;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.exchange.BroughtWork;
import org.alignmentworkbench.db.exchange.BroughtWork.Item;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Harm;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.model.Model.Kind;
import org.alignmentworkbench.db.model.ModelRepository;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.prompt.Split;
import org.alignmentworkbench.db.task.NewWork;
import org.alignmentworkbench.db.task.Setup;
import org.alignmentworkbench.db.task.Setups;
import org.alignmentworkbench.db.task.Setups.Made;
import org.alignmentworkbench.db.task.Setups.Source;
import org.alignmentworkbench.rlhf.job.Stores;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionTemplate;
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
import tools.jackson.databind.json.JsonMapper;

/// Where a lead says what annotators are to do: the kind of task, how it is asked, how often, and
/// what the tasks are made of.
@Controller
class SetupRooms {
  private static final String SETUP = "/projects/{projectId:[0-9]{1,18}}/labelling/setup";

  private final Setups setups;
  private final ModelRepository models;
  private final WorkDatasets datasets;
  private final BroughtWork bringing;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;
  private final Clock clock;

  SetupRooms(
      Setups setups,
      Stores stores,
      WorkDatasets datasets,
      BroughtWork bringing,
      AuditRepository audit,
      TransactionTemplate transaction,
      ProjectTabs tabs,
      Formats formats,
      Words words,
      Clock clock) {
    this.setups = setups;
    this.models = stores.models();
    this.datasets = datasets;
    this.bringing = bringing;
    this.audit = audit;
    this.transaction = transaction;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
    this.clock = clock;
  }

  /// An earlier set-up.
  ///
  /// @param comparison whether its judgements leave with the project's comparisons
  /// @param learnable whether its answers can be learnt as they are
  record Row(
      long id,
      String kind,
      String question,
      String overlap,
      String tasks,
      Progress progress,
      String who,
      Moment when,
      boolean comparison,
      boolean learnable) {}

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
      Question question = form.question(words);
      int overlap = form.wantedOverlap();
      if (file != null && !file.isEmpty()) {
        List<Item> items = brought(file, kind);
        return made(
            project,
            question,
            overlap,
            form,
            items.size(),
            go,
            person,
            model,
            flash,
            () -> bringing.take(projectId, items));
      }
      List<NewWork> work = setups.candidates(projectId, kind, source(projectId, form));
      if (work.isEmpty()) {
        return refused(project, form, words.of("setup.nothing"), model);
      }
      return made(
          project, question, overlap, form, work.size(), go, person, model, flash, () -> work);
    } catch (IllegalArgumentException e) {
      return refused(project, form, String.valueOf(e.getMessage()), model);
    }
  }

  private String made(
      Project project,
      Question question,
      int overlap,
      SetupForm form,
      int tasks,
      String go,
      SignedInPerson person,
      Model model,
      RedirectAttributes flash,
      Supplier<List<NewWork>> work) {
    if (go.equals("count")) {
      model.addAttribute("notice", counted(tasks, overlap));
      return show(project, form, null, model);
    }
    Made made =
        transaction.execute(
            _ -> make(project, question, overlap, form, work.get(), person.personId()));
    flash.addFlashAttribute("notice", notice(made));
    return "redirect:/projects/%d/labelling/setup?kind=%s".formatted(project.id(), form.kind());
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
        setups.ofProject(projectId).stream()
            .filter(one -> one.id() == id && learnable(one))
            .findFirst()
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

  private Source source(long projectId, SetupForm form) {
    @Nullable Long modelId =
        form.model().isEmpty()
            ? null
            : models
                .findByName(projectId, form.model())
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "model must be one of the project, was '%s'".formatted(form.model())))
                .id();
    return new Source(split(form.split()), modelId, form.answersOfATask(), form.mostTasks());
  }

  /// The model that a red-team task is about.
  private @Nullable Long target(long projectId, SetupForm form) {
    if (form.kind() != TaskKind.RED_TEAM) {
      return null;
    }
    return models
        .findByName(projectId, form.model())
        .orElseThrow(() ->
            new IllegalArgumentException(
                "model must be one of the project, was '%s'".formatted(form.model())))
        .id();
  }

  private static @Nullable String split(String name) {
    if (name.isEmpty()) {
      return null;
    }
    if (Stream.of(Split.values()).noneMatch(split -> split.name().equals(name))) {
      throw new IllegalArgumentException(
          "split must be one of %s, was '%s'".formatted(List.of(Split.values()), name));
    }
    return name;
  }

  /// Makes and notes who did it, both or neither.
  private Made make(
      Project project,
      Question question,
      int overlap,
      SetupForm form,
      List<NewWork> work,
      long personId) {
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("split", form.split());
    source.put("model", form.model());
    source.put("most", form.mostTasks());
    Made made =
        setups.make(
            project.id(),
            question,
            target(project.id(), form),
            overlap,
            JsonMapper.shared().writeValueAsString(source),
            work,
            personId,
            clock.instant());
    if (made.made() > 0) {
      audit.record(
          personId,
          "labelling.setup",
          "project " + project.id(),
          JsonMapper.shared()
              .writeValueAsString(
                  Map.of(
                      "kind", question.kind().name(), "tasks", made.made(), "overlap", overlap)));
    }
    return made;
  }

  private Notice counted(int tasks, int overlap) {
    return new Notice(
        Notice.Kind.INFO,
        "setup.counted",
        List.of(formats.number(tasks), formats.number((long) tasks * overlap)));
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
    model.addAttribute("presets", options("setup.preset.", "four", "summary", "own"));
    model.addAttribute(
        "harms",
        Stream.of(Harm.values())
            .map(harm -> new Option(harm.name(), words.of("work.harm." + harm)))
            .toList());
    model.addAttribute("splits", splits());
    model.addAttribute("models", modelOptions(project.id()));
    model.addAttribute("setups", setups.ofProject(project.id()).stream().map(this::row).toList());
    return "labelling/setup";
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

  private Row row(Setup setup) {
    return new Row(
        setup.id(),
        words.of("setup.kind." + setup.question().kind()),
        told(setup),
        formats.number(setup.overlap()),
        formats.number(setup.tasks()),
        new Progress(
            setup.judged(),
            setup.wanted(),
            words.of("run.steps", formats.number(setup.judged()), formats.number(setup.wanted()))),
        setup.madeBy(),
        formats.moment(setup.madeAt()),
        setup.question().kind() == TaskKind.PAIR,
        learnable(setup));
  }

  private static boolean learnable(Setup setup) {
    return setup.question() instanceof Question.Demonstration
        || setup.question() instanceof Question.Edit;
  }

  private String told(Setup setup) {
    return switch (setup.question()) {
      case Question.Pair _ -> words.of("setup.told.pair");
      case Question.Choice(boolean bothBad) ->
          words.of(
              bothBad ? "setup.told.bothBad" : "setup.told.choice",
              formats.number(setup.undecided().ties()),
              formats.number(setup.undecided().bothBad()));
      case Question.Grade(var dimensions) ->
          dimensions.stream().map(Dimension::name).collect(Collectors.joining(" · "));
      case Question.Rank(boolean ties) -> words.of(ties ? "setup.told.ties" : "setup.told.noTies");
      case Question.Demonstration(int least) -> words.of("setup.told.least", formats.number(least));
      case Question.Edit _ -> words.of("setup.told.edit");
      case Question.RedTeam(var harm, var policies) ->
          words.of("work.harm." + harm) + ": " + String.join(" · ", policies);
      case Question.Span(var reasons) -> String.join(" · ", reasons);
    };
  }
}
