package org.alignmentworkbench.db;

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

/// A project with a model, prompts of the preference split and two responses to each, made through
/// the repositories.
///
/// @param modelSha256 the artefact of the model that gave the responses
/// @param responses two for each prompt, in order of prompts
public record TestProject(
    long id, long modelId, String modelSha256, List<Prompt> prompts, List<Response> responses) {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  public static TestProject create(JdbcClient jdbc, int promptCount) {
    int number = NUMBER.incrementAndGet();
    long project = new ProjectRepository(jdbc).create("project " + number, number, "{}").id();
    String sha256 = "%064x".formatted(number);
    jdbc.sql("insert into artifact (sha256, kind, bytes, folder) values (?, 'MODEL', 1, true)")
        .param(sha256)
        .update();
    long model =
        new ModelRepository(jdbc)
            .register(new NewModel(project, "sft", Kind.POLICY, sha256, null, null, "{}"))
            .id();
    List<NewPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < promptCount; i++) {
      prompts.add(
          new NewPrompt(
              "preference/list/%04d".formatted(i),
              Split.PREFERENCE,
              "list",
              "list-1",
              "Prompt " + i,
              "{\"number\": %d}".formatted(i)));
    }
    new PromptRepository(jdbc).add(project, prompts);
    List<Prompt> kept = new PromptRepository(jdbc).ofSplit(project, Split.PREFERENCE);
    List<NewResponse> responses = new ArrayList<>();
    for (Prompt prompt : kept) {
      for (int sample = 0; sample < 2; sample++) {
        responses.add(
            new NewResponse(
                prompt.id(),
                prompt.key() + "/r1/sft/" + sample,
                1,
                "sft",
                model,
                sample,
                "Response " + sample + " to " + prompt.text(),
                new int[] {5, 6, sample},
                -1.5,
                Finish.STOP,
                null,
                null,
                null));
      }
    }
    new ResponseRepository(jdbc).add(project, responses);
    return new TestProject(
        project, model, sha256, kept, new ResponseRepository(jdbc).ofRound(project, 1));
  }

  /// One task for each prompt, in round 1.
  public int makeTasks(JdbcClient jdbc, int overlap) {
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      comparisons.add(
          new Comparison(
              prompts.get(i).id(), responses.get(2 * i).id(), responses.get(2 * i + 1).id()));
    }
    return new TaskRepository(jdbc).make(id, 1, 7, overlap, comparisons);
  }

  /// A person who labels.
  public static long annotator(JdbcClient jdbc) {
    return new PersonRepository(jdbc)
        .create("annotator" + NUMBER.incrementAndGet(), "Annotator", null, Role.ANNOTATOR, true)
        .id();
  }
}
