package org.alignmentworkbench.app.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.NewWork;
import org.alignmentworkbench.db.task.Setups;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// The figures of a set-up with 300,000 graded answers, over HTTP: what the page of such a set-up
/// takes the first time, and what it takes while nothing changes. Prints them.
@EnabledIfSystemProperty(
    named = "workbench.long",
    matches = "true",
    disabledReason = "writes 300,000 answers: ./workbench test --long")
class KindQualityLoadIT {
  private static final int TASKS = 100_000;
  private static final int PEOPLE = 12;
  private static final int OVERLAP = 3;
  private static final List<String> LEVELS = List.of("poor", "neutral", "good");
  private static final Question FOUR =
      new Question.Grade(
          List.of(
              new Dimension("instructionFollowing", "Instruction following", LEVELS),
              new Dimension("concision", "Concision", LEVELS),
              new Dimension("truthfulness", "Truthfulness", LEVELS),
              new Dimension("harmlessness", "Harmlessness", LEVELS)));

  // Everything that a desk would write of an answer. Three of a dozen people answer each task; two
  // times in three they say what the task's number says, otherwise what theirs does.
  private static final String ANSWERS =
      """
      with answered as (
        select s.id, s.task_id, p.id as person_id, s.ordinal,
          (abs(hashint8(s.task_id * 31 + s.ordinal)) % 3) as luck
        from slot s
        join task t on t.id = s.task_id
        join (
          select id, row_number() over (order by id) - 1 as number
          from person
          where username like 'load-%'
        ) p on p.number = (s.task_id + s.ordinal * 5) % :people
        where t.setup_id = :setup
      )
      insert into judgement (slot_id, task_id, person_id, answer, reason, active_ms,
        guideline_version, scripted, idempotency_key, created_at, purpose)
      select a.id, a.task_id, a.person_id,
        jsonb_build_object('kind', 'GRADE', 'levels', jsonb_build_object(
          'instructionFollowing', (case when luck < 2 then a.task_id else a.person_id end) % 3,
          'concision', (case when luck < 2 then a.task_id / 3 else a.person_id end) % 3,
          'truthfulness', (case when luck > 0 then a.task_id / 9 else a.person_id end) % 3,
          'harmlessness', (case when luck > 0 then a.task_id / 27 else a.person_id end) % 3)),
        '', 5000, 0, false, gen_random_uuid(), now() - make_interval(hours => (a.task_id % 700)::int),
        'WORK'
      from answered a
      """;

  @Test
  void a_set_up_of_three_hundred_thousand_answers_is_looked_at() {
    try (RunningServer server = new RunningServer("--workbench.worker=false")) {
      JdbcClient jdbc = server.database().jdbc();
      long lead = server.person("lena", Role.LEAD).id();
      for (int i = 0; i < PEOPLE; i++) {
        server.person("load-" + i, Role.ANNOTATOR);
      }
      Browser leading = server.signedIn("lena");
      TestProject project = TestProject.create(jdbc, 1);
      long setup = setUp(jdbc, project, lead);
      int answers = jdbc.sql(ANSWERS).param("setup", setup).param("people", PEOPLE).update();
      assertThat(answers).isEqualTo(TASKS * OVERLAP);
      jdbc.sql("analyze").update();
      String path = "/projects/%d/quality/kinds.json?setup=%d".formatted(project.id(), setup);
      Duration first = look(leading, path, answers);
      Duration again = look(leading, path, answers);
      Duration other = look(leading, path + "&on=harmlessness", answers);
      // One answer more, and the figures are made anew.
      jdbc.sql("update judgement set active_ms = 1 where id = (select max(id) from judgement)")
          .update();
      Duration changed = look(leading, path, answers);
      System.out.printf(
          "kinds.json of %,d graded answers, 4 dimensions: first %.2f s, again %.2f s,"
              + " another dimension %.2f s, after a change %.2f s%n",
          answers, seconds(first), seconds(again), seconds(other), seconds(changed));
      assertThat(again).as("nothing changed: no figure is made").isLessThan(first.dividedBy(3));
      assertThat(changed).as("something changed: figures are made").isGreaterThan(again);
    }
  }

  private static long setUp(JdbcClient jdbc, TestProject project, long lead) {
    long prompt = project.prompts().getFirst().id();
    List<Long> responses =
        jdbc.sql(
                """
                insert into response (project_id, prompt_id, key, round, member, sample, text, finish)
                select :p, :prompt, 'load/' || n, 0, 'load', 0, 'Answer ' || n, 'STOP'
                from generate_series(1, :tasks) as n
                returning id
                """)
            .param("p", project.id())
            .param("prompt", prompt)
            .param("tasks", TASKS)
            .query(Long.class)
            .list();
    return new Setups(jdbc)
        .make(
            project.id(),
            FOUR,
            OVERLAP,
            "{}",
            responses.stream().map(id -> new NewWork(prompt, List.of(id))).toList(),
            lead,
            Instant.now())
        .setupId();
  }

  private static Duration look(Browser leading, String path, int answers) {
    long start = System.nanoTime();
    var answer = leading.send("GET", path, "Accept", "application/json");
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(JsonMapper.shared().readTree(answer.body()).path("judgements").asInt())
        .isEqualTo(answers);
    return taken;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
