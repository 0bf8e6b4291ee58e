package org.alignmentworkbench.app.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Pager;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.DatasetRepository;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.model.template.ChatMessage;
import org.alignmentworkbench.model.template.ChatTemplate;
import org.alignmentworkbench.model.template.TemplateException;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.sft.job.Conversations;
import org.alignmentworkbench.sft.job.Demonstrations;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The token view of a conversation that somebody types, and of every row that models were trained
/// on.
@Controller
class TokenRooms {
  private static final String PROJECT = "/projects/{projectId:[0-9]{1,18}}";
  private static final int LONGEST = 6_000;
  private static final String EXAMPLE =
      """
      [{"role": "user", "content": "Summarise: Anna moved tennis to Friday at 3 pm."},
       {"role": "assistant", "content": "Tennis with Anna is on Friday at 3 pm."}]\
      """;

  private final Stores stores;
  private final DatasetRepository datasets;
  private final TokenCells cells;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;

  TokenRooms(Stores stores, TokenCells cells, ProjectTabs tabs, Formats formats, Words words) {
    this.stores = stores;
    this.datasets = stores.datasets();
    this.cells = cells;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
  }

  /// A typed conversation as a model reads it. What begins with a bracket is a JSON list of
  /// messages with role and content; anything else is one message of a user.
  @GetMapping(PROJECT + "/models/{modelId:[0-9]{1,18}}/tokens")
  String conversation(
      @PathVariable("projectId") long projectId,
      @PathVariable("modelId") long modelId,
      @RequestParam(name = "conversation", required = false) @Nullable String typed,
      @RequestParam(name = "prompt", defaultValue = "false") boolean generationPrompt,
      Model model) {
    Project project = tabs.open(projectId, "models", model);
    org.alignmentworkbench.db.model.Model found = model(project, modelId);
    String conversation = typed == null ? EXAMPLE : typed;
    try {
      TokenCells.Row row = cells.of(template(found), messages(conversation), generationPrompt);
      model.addAttribute("tokens", row);
      model.addAttribute("counts", counts(row));
    } catch (TemplateException | IllegalArgumentException e) {
      model.addAttribute("refused", String.valueOf(e.getMessage()));
    }
    model.addAttribute("model", found.name());
    model.addAttribute("conversation", conversation);
    model.addAttribute("generationPrompt", generationPrompt);
    model.addAttribute("longest", LONGEST);
    crumbs(model, project, words.of("token.of", found.name()));
    return "token/conversation";
  }

  /// One row of a dataset as it is trained.
  @GetMapping(PROJECT + "/datasets/{datasetId:[0-9]{1,18}}/rows/{number:[0-9]{1,9}}")
  String row(
      @PathVariable("projectId") long projectId,
      @PathVariable("datasetId") long datasetId,
      @PathVariable("number") int number,
      Model model)
      throws IOException {
    Project project = tabs.open(projectId, "models", model);
    Dataset dataset =
        datasets
            .find(datasetId)
            .filter(d -> d.projectId() == projectId)
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    String line =
        line(stores.artifacts(), dataset, number)
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    ChatTemplate template = template(reader(project));
    List<Shown> shown = shown(template, dataset, line);
    model.addAttribute("dataset", dataset.name());
    model.addAttribute("sha256", dataset.artifactSha256());
    model.addAttribute("number", formats.number(number + 1L));
    model.addAttribute("shown", shown);
    model.addAttribute("line", pretty(line));
    String path = "/projects/" + projectId + "/datasets/" + datasetId + "/rows/";
    model.addAttribute(
        "pager",
        new Pager(
            number > 0 ? path + (number - 1) : null,
            number + 1L < dataset.rowCount() ? path + (number + 1) : null,
            words.of(
                "token.rowOf", formats.number(number + 1L), formats.number(dataset.rowCount()))));
    crumbs(model, project, words.of("token.row", dataset.name(), formats.number(number + 1L)));
    return "token/row";
  }

  /// One text of a row with its tokens.
  record Shown(String title, String counts, TokenCells.Row tokens) {}

  private List<Shown> shown(ChatTemplate template, Dataset dataset, String line) {
    JsonNode json = JsonMapper.shared().readTree(line);
    List<Shown> shown = new ArrayList<>();
    switch (dataset.kind()) {
      case DEMONSTRATIONS, SELECTED -> {
        Demonstrations.Line row = JsonMapper.shared().treeToValue(json, Demonstrations.Line.class);
        shown.add(
            shown(
                words.of("token.answer"),
                row.ids().length > 0
                    ? cells.sampled(template, row.prompt(), row.ids())
                    : answered(template, row.prompt(), row.answer())));
      }
      case CONVERSATIONS -> {
        Conversations.Line row = JsonMapper.shared().treeToValue(json, Conversations.Line.class);
        shown.add(shown(words.of("token.conversation"), cells.of(template, row.messages(), false)));
      }
      case PREFERENCES -> {
        boolean preferB = json.path("strength").asInt() > 0;
        String prompt = json.path("prompt").asString();
        for (String side : preferB ? List.of("b", "a") : List.of("a", "b")) {
          shown.add(
              shown(
                  words.of(shown.isEmpty() ? "token.chosen" : "token.rejected"),
                  answered(template, prompt, json.path(side).path("text").asString())));
        }
      }
      default -> {
        String prompt = json.path("prompt").asString();
        if (!prompt.isEmpty()) {
          shown.add(
              shown(
                  words.of("token.prompt"),
                  cells.of(template, List.of(ChatMessage.user(prompt)), true)));
        }
      }
    }
    return shown;
  }

  private Shown shown(String title, TokenCells.Row row) {
    return new Shown(title, counts(row), row);
  }

  private TokenCells.Row answered(ChatTemplate template, String prompt, String answer) {
    return cells.of(
        template, List.of(ChatMessage.user(prompt), ChatMessage.assistant(answer)), false);
  }

  private String counts(TokenCells.Row row) {
    return words.of("token.counts", formats.number(row.tokens()), formats.number(row.supervised()));
  }

  private static Optional<String> line(ArtifactStore artifacts, Dataset dataset, int number)
      throws IOException {
    Path file = artifacts.open(dataset.artifactSha256());
    try (Stream<String> lines = Files.lines(file)) {
      return lines.skip(number).findFirst();
    }
  }

  private static String pretty(String line) {
    return JsonMapper.shared()
        .writerWithDefaultPrettyPrinter()
        .writeValueAsString(JsonMapper.shared().readTree(line));
  }

  private static List<ChatMessage> messages(String typed) {
    String text = typed.strip();
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a conversation here may have " + LONGEST + " characters, was " + text.length());
    }
    if (!text.startsWith("[")) {
      return List.of(ChatMessage.user(text));
    }
    List<ChatMessage> messages = new ArrayList<>();
    try {
      for (JsonNode message : JsonMapper.shared().readTree(text)) {
        if (!message.path("role").isString() || !message.path("content").isString()) {
          throw new IllegalArgumentException(
              "message "
                  + (messages.size() + 1)
                  + " must have a role and a content that are texts, was "
                  + message);
        }
        messages.add(
            new ChatMessage(message.path("role").asString(), message.path("content").asString()));
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "this is no JSON list of messages: " + e.getOriginalMessage(), e);
    }
    return messages;
  }

  private org.alignmentworkbench.db.model.Model model(Project project, long id) {
    return stores
        .models()
        .find(id)
        .filter(m -> m.projectId() == project.id())
        .filter(m -> m.kind() != org.alignmentworkbench.db.model.Model.Kind.ADAPTER)
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  /// The project's first policy: all that come from it read alike.
  private org.alignmentworkbench.db.model.Model reader(Project project) {
    return stores.models().ofProject(project.id()).stream()
        .filter(m -> m.kind() == org.alignmentworkbench.db.model.Model.Kind.POLICY)
        .min(java.util.Comparator.comparingLong(org.alignmentworkbench.db.model.Model::id))
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private ChatTemplate template(org.alignmentworkbench.db.model.Model found) {
    try {
      return ChatTemplate.load(stores.artifacts().open(found.artifactSha256()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void crumbs(Model model, Project project, String title) {
    model.addAttribute("title", title);
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), "/projects/" + project.id()),
            new Crumb(words.of("tab.models"), "/projects/" + project.id() + "/models"),
            new Crumb(title, null)));
  }
}
