package org.alignmentworkbench.annotation.desk;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.model.Model.Kind;
import org.alignmentworkbench.db.model.ModelRepository;
import org.alignmentworkbench.db.model.NewModel;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.prompt.NewPrompt;
import org.alignmentworkbench.db.prompt.PromptRepository;
import org.alignmentworkbench.db.prompt.Split;
import org.alignmentworkbench.db.response.NewResponse;
import org.alignmentworkbench.db.response.Response.Finish;
import org.alignmentworkbench.db.response.ResponseRepository;
import org.alignmentworkbench.db.task.NewWork;
import org.alignmentworkbench.db.task.Setups;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A project with tasks of another kind than comparisons. As in [LabellingProject], whatever tells
/// who answered carries one of its secret words.
record WorkProject(long id) {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  /// A prompt with its answers, each of another model.
  record Item(String prompt, List<String> answers) {
    Item(String prompt, String... answers) {
      this(prompt, List.of(answers));
    }
  }

  static WorkProject create(JdbcClient jdbc, Question question, int overlap, List<Item> items) {
    int number = 1_000_000 + NUMBER.incrementAndGet();
    long project = new ProjectRepository(jdbc).create("Kinds " + number, number, "{}").id();
    List<NewWork> work = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      work.add(item(jdbc, project, number, i, items.get(i)));
    }
    long lead =
        new PersonRepository(jdbc).create("lead" + number, "Lead", null, Role.LEAD, false).id();
    new Setups(jdbc)
        .make(
            project,
            question,
            question instanceof Question.RedTeam
                ? (Long) model(jdbc, project, number, "zebra")
                : null,
            overlap,
            "{\"from\": \"zebra\"}",
            work,
            lead,
            Instant.parse("2026-11-25T12:00:00Z"));
    return new WorkProject(project);
  }

  private static NewWork item(JdbcClient jdbc, long project, int number, int i, Item item) {
    String key = "preference/quagga/%04d".formatted(i);
    new PromptRepository(jdbc)
        .add(
            project,
            List.of(
                new NewPrompt(
                    key,
                    Split.PREFERENCE,
                    "quagga",
                    "quagga-1",
                    item.prompt(),
                    "{\"temperature-leak\": 1}")));
    long prompt = new PromptRepository(jdbc).findByKey(project, key).orElseThrow().id();
    for (int a = 0; a < item.answers().size(); a++) {
      String member = a + (a % 2 == 0 ? "-zebra" : "-okapi");
      new ResponseRepository(jdbc)
          .add(
              project,
              List.of(
                  new NewResponse(
                      prompt,
                      key + "/r1/" + member + "/0",
                      1,
                      member,
                      model(jdbc, project, number, member),
                      0,
                      item.answers().get(a),
                      new int[] {5, 6},
                      -1.5,
                      Finish.STOP,
                      null,
                      null,
                      null)));
    }
    return new NewWork(
        prompt,
        new ResponseRepository(jdbc)
            .ofPrompt(prompt).stream().map(response -> response.id()).toList());
  }

  private static long model(JdbcClient jdbc, long project, int number, String name) {
    ModelRepository models = new ModelRepository(jdbc);
    return models
        .findByName(project, name)
        .orElseGet(() -> {
          String sha256 = "feed0123%056x".formatted((long) number * 100 + name.hashCode() % 100);
          jdbc.sql(
                  "insert into artifact (sha256, kind, bytes, folder) values (?, 'MODEL', 1, true)"
                      + " on conflict do nothing")
              .param(sha256)
              .update();
          return models.register(
              new NewModel(project, name, Kind.POLICY, sha256, null, null, "{}"));
        })
        .id();
  }

  /// The answers to the project's tasks, as the database keeps them, in order of tasks.
  List<String> answers(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select j.answer
            from judgement j
            join task t on t.id = j.task_id
            where t.project_id = ?
            order by t.key
            """)
        .param(id)
        .query(String.class)
        .list();
  }
}
