package org.alignmentworkbench.app.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Pager;
import org.alignmentworkbench.annotation.page.Shown;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.Choice;
import org.alignmentworkbench.app.web.JsonFacts;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.view.PromptLine;
import org.alignmentworkbench.db.view.PromptView;
import org.alignmentworkbench.db.view.QualityView;
import org.alignmentworkbench.synthetic.check.Check;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.util.UriComponentsBuilder;

/// The prompts of a project by page, and one prompt with its responses.
@Controller
class PromptRooms {
  private static final String PROMPTS = "/projects/{projectId:[0-9]{1,18}}/prompts";
  private static final int PAGE = 40;
  private static final int ANSWERS = 100;
  private static final int COMPARISONS = 50;
  private static final int EXCERPT = 160;
  private static final Set<String> GENERATED =
      Set.of("key", "split", "kind", "template", "prompt", "checks", "facts");

  private final PromptView view;
  private final QualityView quality;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;

  PromptRooms(
      PromptView view, QualityView quality, ProjectTabs tabs, Formats formats, Words words) {
    this.view = view;
    this.quality = quality;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
  }

  /// A line of the list.
  record Row(
      long id,
      String key,
      String split,
      String kind,
      String template,
      String text,
      String responses) {}

  /// A comparison of two of its responses.
  record ComparisonRow(long id, String key, String judged) {}

  /// A response to the prompt.
  record Answer(
      String round,
      String member,
      String model,
      @Nullable String modelSha256,
      String text,
      String finish,
      String reward,
      String tokens,
      String judgements) {}

  @GetMapping(PROMPTS)
  String prompts(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "split", required = false) @Nullable String split,
      @RequestParam(name = "kind", required = false) @Nullable String kind,
      @RequestParam(name = "after", defaultValue = "0") long after,
      Model model) {
    tabs.open(projectId, "prompts", model);
    String path = "/projects/" + projectId + "/prompts";
    Shown<PromptLine> shown = Shown.of(view.page(projectId, split, kind, after, PAGE + 1), PAGE);
    model.addAttribute("rows", shown.rows().stream().map(this::row).toList());
    model.addAttribute("filtered", split != null || kind != null);
    model.addAttribute("path", path);
    model.addAttribute("splits", choices(view.splits(projectId, kind), split, true, path, kind));
    model.addAttribute("kinds", choices(view.kinds(projectId, split), kind, false, path, split));
    if (!shown.rows().isEmpty()) {
      model.addAttribute(
          "pager",
          new Pager(
              after > 0 ? address(path, split, kind, 0) : null,
              shown.more() ? address(path, split, kind, shown.rows().getLast().id()) : null,
              words.of("runs.shown", formats.number(shown.rows().size()))));
    }
    return "prompt/list";
  }

  @GetMapping(PROMPTS + "/{promptId:[0-9]{1,18}}")
  String prompt(
      @PathVariable("projectId") long projectId,
      @PathVariable("promptId") long promptId,
      @AuthenticationPrincipal SignedInPerson person,
      Model model) {
    var project = tabs.open(projectId, "prompts", model);
    PromptView.Detail prompt =
        view.find(promptId)
            // A prompt of another project is not there under this one's address.
            .filter(p -> p.projectId() == projectId)
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    model.addAttribute("prompt", prompt);
    model.addAttribute("kind", words.orElse("kind." + prompt.kind(), prompt.kind()));
    model.addAttribute("split", words.of("split." + prompt.split()));
    model.addAttribute("checks", checks(prompt.task()));
    model.addAttribute("facts", JsonFacts.of(prompt.task()));
    // Whoever only looks is told nothing about single people's work.
    model.addAttribute(
        "comparisons",
        person.role().equals("VIEWER")
            ? List.of()
            : quality.ofPrompt(promptId, COMPARISONS).stream().map(this::comparison).toList());
    model.addAttribute(
        "answers", view.answers(promptId, ANSWERS).stream().map(this::answer).toList());
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), "/projects/" + projectId),
            new Crumb(words.of("tab.prompts"), "/projects/" + projectId + "/prompts"),
            new Crumb(prompt.key(), null)));
    return "prompt/prompt";
  }

  /// What an answer must hold to, in words; nothing for a task that the generator did not make,
  /// which is shown only as it is kept.
  private static List<String> checks(String task) {
    if (!JsonFacts.tree(task).propertyNames().containsAll(GENERATED)) {
      return List.of();
    }
    return GeneratedTask.fromJson(task).checks().stream().map(Check::describe).toList();
  }

  private Row row(PromptLine line) {
    return new Row(
        line.id(),
        line.key(),
        words.of("split." + line.split()),
        words.orElse("kind." + line.kind(), line.kind()),
        line.template(),
        formats.excerpt(line.text(), EXCERPT),
        formats.number(line.responses()));
  }

  private ComparisonRow comparison(QualityView.OfPrompt task) {
    return new ComparisonRow(
        task.taskId(),
        task.key(),
        words.of("quality.comparisons.judged", formats.number(task.judged())));
  }

  private Answer answer(PromptView.Answer answer) {
    return new Answer(
        formats.number(answer.round()),
        answer.member(),
        answer.model() == null ? words.of("prompt.fromFile") : answer.model(),
        answer.modelSha256(),
        answer.text(),
        words.of("finish." + answer.finish()),
        answer.reward() == null ? Formats.NONE : formats.significant(answer.reward(), 3),
        answer.tokens() == null ? Formats.NONE : formats.number(answer.tokens()),
        formats.number(answer.judgements()));
  }

  private List<Choice> choices(
      List<PromptView.Count> counts,
      @Nullable String chosen,
      boolean splits,
      String path,
      @Nullable String other) {
    List<Choice> choices = new ArrayList<>();
    long all = counts.stream().mapToLong(PromptView.Count::prompts).sum();
    choices.add(
        new Choice(
            words.of(splits ? "prompts.anySplit" : "prompts.anyKind", formats.number(all)),
            splits ? address(path, null, other, 0) : address(path, other, null, 0),
            chosen == null));
    for (PromptView.Count count : counts) {
      String name =
          splits
              ? words.of("split." + count.value())
              : words.orElse("kind." + count.value(), count.value());
      choices.add(
          new Choice(
              name + " " + formats.number(count.prompts()),
              splits
                  ? address(path, count.value(), other, 0)
                  : address(path, other, count.value(), 0),
              count.value().equals(chosen)));
    }
    return choices;
  }

  private static String address(
      String path, @Nullable String split, @Nullable String kind, long after) {
    UriComponentsBuilder uri = UriComponentsBuilder.fromPath(path);
    if (split != null) {
      uri.queryParam("split", split);
    }
    if (kind != null) {
      uri.queryParam("kind", kind);
    }
    if (after > 0) {
      uri.queryParam("after", after);
    }
    return uri.encode().toUriString();
  }
}
