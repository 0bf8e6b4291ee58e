package org.alignmentworkbench.annotation.desk;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignmentworkbench.db.model.Model.Kind;
import org.alignmentworkbench.db.model.ModelRepository;
import org.alignmentworkbench.db.model.NewModel;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.prompt.NewPrompt;
import org.alignmentworkbench.db.prompt.Prompt;
import org.alignmentworkbench.db.prompt.PromptRepository;
import org.alignmentworkbench.db.prompt.Split;
import org.alignmentworkbench.db.response.NewResponse;
import org.alignmentworkbench.db.response.Response;
import org.alignmentworkbench.db.response.Response.Finish;
import org.alignmentworkbench.db.response.ResponseRepository;
import org.alignmentworkbench.db.task.Comparison;
import org.alignmentworkbench.db.task.TaskRepository;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A project with pairs to label. Everything that tells who answered carries a word that no page
/// may show: see [#SECRETS].
record LabellingProject(long id, List<Response> responses) {
  /// Words in the names of models, members, keys and hashes.
  static final List<String> SECRETS =
      List.of("zebra", "okapi", "quagga", "feed0123", "preference/", "temperature-leak");

  private static final AtomicInteger NUMBER = new AtomicInteger();

  /// A prompt with its two answers.
  record Pair(String prompt, String first, String second) {}

  static LabellingProject create(JdbcClient jdbc, String name, int overlap, List<Pair> pairs) {
    int number = NUMBER.incrementAndGet();
    long project = new ProjectRepository(jdbc).create(name + " " + number, number, "{}").id();
    String sha256 = "feed0123%056x".formatted(number);
    jdbc.sql("insert into artifact (sha256, kind, bytes, folder) values (?, 'MODEL', 1, true)")
        .param(sha256)
        .update();
    ModelRepository models = new ModelRepository(jdbc);
    long zebra = register(models, project, "zebra-sft", sha256);
    long okapi = register(models, project, "okapi-dpo", sha256);
    List<NewPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      prompts.add(
          new NewPrompt(
              "preference/quagga/%04d".formatted(i),
              Split.PREFERENCE,
              "quagga",
              "quagga-1",
              pairs.get(i).prompt(),
              "{\"temperature-leak\": 1}"));
    }
    new PromptRepository(jdbc).add(project, prompts);
    List<Prompt> kept = new PromptRepository(jdbc).ofSplit(project, Split.PREFERENCE);
    List<NewResponse> answers = new ArrayList<>();
    for (int i = 0; i < kept.size(); i++) {
      answers.add(response(kept.get(i), "zebra", zebra, pairs.get(i).first()));
      answers.add(response(kept.get(i), "okapi", okapi, pairs.get(i).second()));
    }
    new ResponseRepository(jdbc).add(project, answers);
    List<Response> responses = new ResponseRepository(jdbc).ofRound(project, 1);
    List<Comparison> comparisons = new ArrayList<>();
    for (Prompt prompt : kept) {
      List<Response> both = responses.stream().filter(r -> r.promptId() == prompt.id()).toList();
      comparisons.add(new Comparison(prompt.id(), both.get(0).id(), both.get(1).id()));
    }
    new TaskRepository(jdbc).make(project, 1, 7, overlap, comparisons);
    return new LabellingProject(project, responses);
  }

  /// Plain pairs.
  static LabellingProject create(JdbcClient jdbc, int tasks, int overlap) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      pairs.add(new Pair("Question " + i, "First answer to " + i, "Second answer to " + i));
    }
    return create(jdbc, "Plain", overlap, pairs);
  }

  /// A person who signs in with their name as password.
  static String person(JdbcClient jdbc, Role role) {
    String name = "person" + NUMBER.incrementAndGet();
    new PersonRepository(jdbc).create(name, "Person " + NUMBER.get(), null, role, false);
    return name;
  }

  private static long register(ModelRepository models, long project, String name, String sha256) {
    return models.register(new NewModel(project, name, Kind.POLICY, sha256, null, null, "{}")).id();
  }

  private static NewResponse response(Prompt prompt, String member, long model, String text) {
    return new NewResponse(
        prompt.id(),
        prompt.key() + "/r1/" + member + "/0",
        1,
        member,
        model,
        0,
        text,
        new int[] {5, 6},
        -1.5,
        Finish.STOP,
        null,
        null,
        null);
  }
}
