package org.alignmentworkbench.app.quality;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.alignmentworkbench.annotation.desk.AnswerForms;
import org.alignmentworkbench.annotation.keys.OwnKeysAdvice;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.Option;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.KnownAnswer;
import org.alignmentworkbench.db.kind.KnownAnswer.Better;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.view.KindView;
import org.alignmentworkbench.db.view.KindView.KindSaid;
import org.alignmentworkbench.db.view.KindView.KindTask;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One task that is no comparison with everything that was answered, and the place to say what is
/// known of it: of passages by the form that annotators mark them with.
@Controller
class KindTaskRooms {
  private static final String TASK =
      "/projects/{projectId:[0-9]{1,18}}/quality/kinds/tasks/{id:[0-9]{1,18}}";

  private static final int STEP = 5;

  private final KindView view;
  private final KnownAnswers known;
  private final AnswerForms forms;
  private final OwnKeysAdvice keys;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final AnswerWords answers;
  private final Words words;

  KindTaskRooms(
      KindView view,
      KnownAnswers known,
      AnswerForms forms,
      OwnKeysAdvice keys,
      ProjectTabs tabs,
      Formats formats,
      AnswerWords answers,
      Words words) {
    this.view = view;
    this.known = known;
    this.forms = forms;
    this.keys = keys;
    this.tabs = tabs;
    this.formats = formats;
    this.answers = answers;
    this.words = words;
  }

  /// What somebody answered, in words.
  record SaidRow(String name, String answer, String right, String reason, Moment at) {}

  /// Something that may be known.
  ///
  /// @param field of the form
  /// @param value that is known; empty for none
  record KnownRow(String field, String name, List<Option> values, String value) {}

  /// An answer to be looked at.
  record Shown(String name, String text) {}

  @GetMapping(TASK)
  String task(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long taskId,
      @AuthenticationPrincipal SignedInPerson person,
      Model model) {
    return page(projectId, find(projectId, taskId), Map.of(), person, model);
  }

  /// @param entered what could not be kept; empty for what is known
  private String page(
      long projectId,
      KindTask task,
      Map<String, String> entered,
      SignedInPerson person,
      Model model) {
    Project project = tabs.open(projectId, "quality", model);
    model.addAttribute("task", task);
    model.addAttribute("kind", words.of("setup.kind." + task.question().kind()));
    model.addAttribute(
        "answers",
        IntStream.range(0, task.answers().size())
            .mapToObj(i -> new Shown(name(i, task), task.answers().get(i)))
            .toList());
    model.addAttribute("said", view.said(task.id()).stream().map(said -> row(task, said)).toList());
    model.addAttribute("rows", rows(task, entered));
    model.addAttribute(
        "attention", entered.isEmpty() ? task.attention() : entered.containsKey("attention"));
    boolean leads = List.of("ADMIN", "LEAD").contains(person.role());
    model.addAttribute("leads", leads);
    boolean marked = task.question() instanceof Question.Span;
    model.addAttribute("form", marked && leads ? form(task, entered) : null);
    model.addAttribute("now", marked ? now(task) : null);
    model.addAttribute("ownKeys", keys.ownKeys(person));
    String root = "/projects/" + projectId;
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), root),
            new Crumb(words.of("tab.quality"), root + "/quality/kinds?setup=" + task.setupId()),
            new Crumb(words.of("kindQuality.task"), null)));
    return "quality/task";
  }

  /// @param fields `level.KEY`, `choice` or `place.NUMBER`, empty where nothing is known of it, or
  ///   `passages` with `atLeast`; none at all forgets what was known
  @PostMapping(TASK + "/gold")
  Object gold(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long taskId,
      @RequestParam(name = "attention", defaultValue = "false") boolean attention,
      @RequestParam Map<String, String> fields,
      @AuthenticationPrincipal SignedInPerson person,
      RedirectAttributes flash,
      Model model) {
    KindTask task = find(projectId, taskId);
    Map<String, String> filled =
        fields.entrySet().stream()
            .filter(field -> field.getKey().matches("level\\..*|choice|place\\.[0-9]|passages"))
            .filter(field -> !field.getValue().isEmpty())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    String notice = "kindQuality.known.kept";
    Notice.Kind tone = Notice.Kind.GOOD;
    if (filled.isEmpty()) {
      known.forget(projectId, task, person.personId());
      notice = "kindQuality.known.forgotten";
    } else {
      try {
        known.set(projectId, task, json(task, fields, filled), attention, person.personId());
      } catch (IllegalArgumentException e) {
        if (task.question() instanceof Question.Span) {
          // What was marked is not lost.
          model.addAttribute(
              "notice", Notice.of(Notice.Kind.BAD, "kindQuality.known.bad.passages"));
          return new ModelAndView(
              page(projectId, task, fields, person, model),
              model.asMap(),
              HttpStatus.UNPROCESSABLE_CONTENT);
        }
        notice = "kindQuality.known.bad";
        tone = Notice.Kind.BAD;
      }
    }
    flash.addFlashAttribute("notice", Notice.of(tone, notice));
    return "redirect:/projects/%d/quality/kinds/tasks/%d".formatted(projectId, taskId);
  }

  private String json(KindTask task, Map<String, String> fields, Map<String, String> filled) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (task.question() instanceof Question.Choice) {
      json.put("choice", filled.getOrDefault("choice", ""));
    } else if (task.question() instanceof Question.Rank) {
      List<Integer> places = new ArrayList<>();
      for (int i = 0; i < task.answers().size(); i++) {
        places.add(number(filled.getOrDefault("place." + i, "")));
      }
      json.put("places", places);
    } else if (task.question() instanceof Question.Span) {
      json.put("passages", passages(task, filled));
      json.put("atLeast", number(fields.getOrDefault("atLeast", "")));
    } else {
      Map<String, Integer> levels = new LinkedHashMap<>();
      filled.forEach(
          (field, value) -> levels.put(field.substring(field.indexOf('.') + 1), number(value)));
      json.put("levels", levels);
    }
    return JsonMapper.shared().writeValueAsString(json);
  }

  private List<Answer.Passage> passages(KindTask task, Map<String, String> filled) {
    if (forms.read(task.question(), task.answers(), filled)
            instanceof AnswerForms.Read.Given(var answer)
        && answer instanceof Answer.Marked(var passages)) {
      return passages;
    }
    throw new IllegalArgumentException(
        "passages must lie in the answer, each with a reason, were " + filled.get("passages"));
  }

  /// With no passage marked where nothing is known yet.
  private AnswerForms.Form form(KindTask task, Map<String, String> entered) {
    Map<String, String> fields =
        entered.containsKey("passages")
            ? entered
            : forms.fields(
                task.question(), task.answers(), new Answer.Marked(known(task).passages()));
    return forms.form(task.question(), task.answers(), fields);
  }

  private static KnownAnswer.Passages known(KindTask task) {
    return task.known() != null
            && KnownAnswer.read(task.question(), task.answers(), task.known())
                instanceof KnownAnswer.Passages passages
        ? passages
        : new KnownAnswer.Passages(List.of(), KnownAnswer.Passages.USUAL);
  }

  /// What is known of passages, in words.
  private String now(KindTask task) {
    return task.known() == null
        ? words.of("kindQuality.known.nothing")
        : words.of(
            "kindQuality.known.now",
            answers.of(task.question(), task.answers(), new Answer.Marked(known(task).passages())));
  }

  private static int number(String text) {
    return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
  }

  private KindTask find(long projectId, long taskId) {
    return known
        .task(projectId, taskId)
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private String name(int number, KindTask task) {
    return task.answers().size() == 1
        ? words.of("kindQuality.answer")
        : words.of("kindQuality.answer.of", String.valueOf((char) ('A' + number)));
  }

  /// @param entered what could not be kept
  private List<KnownRow> rows(KindTask task, Map<String, String> entered) {
    JsonNode now = JsonMapper.shared().readTree(task.known() == null ? "{}" : task.known());
    Option none = new Option("", words.of("kindQuality.known.none"));
    List<KnownRow> rows = new ArrayList<>();
    switch (task.question()) {
      case Question.Grade(var dimensions) -> {
        for (Dimension dimension : dimensions) {
          List<Option> values = new ArrayList<>(List.of(none));
          for (int i = 0; i < dimension.levels().size(); i++) {
            values.add(new Option(String.valueOf(i), dimension.levels().get(i)));
          }
          rows.add(
              new KnownRow(
                  "level." + dimension.key(),
                  dimension.name(),
                  values,
                  now.at("/levels/" + dimension.key()).asString("")));
        }
      }
      case Question.Choice(boolean bothBad) -> {
        List<Option> values = new ArrayList<>(List.of(none));
        for (Better better : Better.values()) {
          if (bothBad || better != Better.BOTH_BAD) {
            values.add(new Option(better.name(), words.of("kindQuality.better." + better)));
          }
        }
        rows.add(
            new KnownRow(
                "choice",
                words.of("kindQuality.on.choice"),
                values,
                now.path("choice").asString("")));
      }
      case Question.Rank _ -> {
        for (int i = 0; i < task.answers().size(); i++) {
          List<Option> values = new ArrayList<>(List.of(none));
          for (int place = 1; place <= task.answers().size(); place++) {
            values.add(new Option(String.valueOf(place), formats.number(place)));
          }
          rows.add(
              new KnownRow(
                  "place." + i,
                  words.of("kindQuality.place", name(i, task)),
                  values,
                  now.at("/places/" + i).asString("")));
        }
      }
      case Question.Span _ -> rows.add(least(known(task).atLeast(), entered));
      case Question.Pair _, Question.Demonstration _, Question.Edit _, Question.RedTeam _ -> {}
    }
    return rows;
  }

  /// Per cents in steps, and the one that is set.
  private KnownRow least(int set, Map<String, String> entered) {
    List<Option> values = new ArrayList<>();
    for (int percent = 1; percent <= 100; percent++) {
      if (percent % STEP == 0 || percent == set) {
        values.add(
            new Option(
                String.valueOf(percent),
                words.of("kindAdjudication.bound.SPAN", formats.number(percent))));
      }
    }
    return new KnownRow(
        "atLeast",
        words.of("kindQuality.known.least"),
        values,
        entered.getOrDefault("atLeast", String.valueOf(set)));
  }

  private SaidRow row(KindTask task, KindSaid said) {
    @Nullable Boolean right = said.right();
    return new SaidRow(
        said.name(),
        answers.of(task.question(), task.answers(), said.answer()),
        right == null ? Formats.NONE : words.of(right ? "kindQuality.right" : "kindQuality.wrong"),
        said.reason(),
        formats.moment(said.at()));
  }
}
