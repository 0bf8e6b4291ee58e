package org.alignmentworkbench.app;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Harm;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.NewWork;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Setups;
import org.alignmentworkbench.db.task.Work;
import org.alignmentworkbench.db.task.WorkSlots;
import org.alignmentworkbench.db.task.WorkSubmission;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A project in which two people have answered three tasks of each kind that is no comparison. They
/// agree on all but the last task of a kind.
public final class AnsweredKinds {
  private static final int TASKS = 3;

  public final long projectId;

  /// Set-ups by the name of their kind.
  public final Map<String, Long> setups = new LinkedHashMap<>();

  /// A task of grades.
  public final long taskId;

  private final JdbcClient jdbc;
  private final TestProject project;
  private final List<Person> people;

  public AnsweredKinds(RunningServer server) {
    this.jdbc = server.database().jdbc();
    this.project = TestProject.create(jdbc, TASKS);
    this.projectId = project.id();
    this.people =
        List.of(
            server.person("kind-one-" + projectId, Role.ANNOTATOR),
            server.person("kind-two-" + projectId, Role.ANNOTATOR));
    Dimension tone = new Dimension("tone", "Tone", List.of("rude", "plain", "warm"));
    answer(new Question.Grade(List.of(tone)), 1);
    answer(new Question.Choice(true), 2);
    answer(new Question.Rank(true), 2);
    answer(new Question.Span(List.of("Wrong", "Rude")), 1);
    answer(new Question.Demonstration(1), 0);
    answer(new Question.Edit(), 1);
    answer(new Question.RedTeam(Harm.CRIME, List.of("Helps with a crime")), 0);
    this.taskId =
        jdbc.sql("select min(id) from task where setup_id = :s")
            .param("s", setups.get("GRADE"))
            .query(Long.class)
            .single();
  }

  /// The task of a kind on which the two people differ.
  public long task(String kind) {
    return jdbc.sql(
            """
            select j.task_id
            from judgement j
            join task t on t.id = j.task_id
            where t.setup_id = :s
            group by j.task_id
            order by count(distinct j.answer - 'shown') desc, j.task_id
            limit 1
            """)
        .param("s", setups.get(kind))
        .query(Long.class)
        .single();
  }

  private void answer(Question question, int answers) {
    List<NewWork> work =
        IntStream.range(0, TASKS)
            .mapToObj(i -> {
              long prompt = project.prompts().get(i).id();
              return new NewWork(
                  prompt,
                  project.responses().stream()
                      .filter(response -> response.promptId() == prompt)
                      .limit(answers)
                      .map(response -> response.id())
                      .toList());
            })
            .toList();
    Long setup =
        new Setups(jdbc)
            .make(
                projectId,
                question,
                question instanceof Question.RedTeam ? project.modelId() : null,
                2,
                "{}",
                work,
                people.getFirst().id(),
                Instant.now())
            .setupId();
    setups.put(question.kind().name(), setup);
    people.forEach(this::work);
  }

  private void work(Person person) {
    Queue queue = new Queue(jdbc);
    WorkSlots slots = new WorkSlots(jdbc, queue);
    boolean second = person.equals(people.getLast());
    int done = 0;
    while (queue.claim(projectId, person.id(), Instant.now(), Duration.ofMinutes(5))
        instanceof Claim.Claimed(var slot)) {
      Work work = slots.held(slot.slotId(), person.id()).orElseThrow();
      boolean other = second && ++done == TASKS;
      slots.submit(
          new WorkSubmission(
              slot.slotId(),
              person.id(),
              UUID.randomUUID(),
              said(work, other),
              "because",
              1500,
              0,
              false),
          Instant.now());
    }
  }

  /// What is said of a text does not depend on the order in which a slot shows it.
  private static Answer said(Work work, boolean other) {
    List<String> sorted = work.answers().stream().sorted().toList();
    List<Integer> shown = IntStream.range(0, work.answers().size()).boxed().toList();
    return switch (work.question()) {
      case Question.Grade _ -> {
        var levels = new LinkedHashMap<String, Integer>();
        levels.put("tone", other ? 0 : 1 + work.prompt().length() % 2);
        yield new Answer.Graded(levels);
      }
      case Question.Choice _ -> {
        int strength = work.answers().getFirst().equals(sorted.getFirst()) ? -2 : 2;
        yield other
            ? new Answer.Chosen(Answer.Choice.BOTH_BAD, 0, shown)
            : new Answer.Chosen(Answer.Choice.PREFERS, strength, shown);
      }
      case Question.Rank _ ->
          new Answer.Ranked(
              work.answers().stream()
                  .map(text -> other ? 2 - sorted.indexOf(text) : sorted.indexOf(text) + 1)
                  .toList(),
              shown);
      case Question.Span _ ->
          new Answer.Marked(List.of(new Answer.Passage(0, other ? 2 : 4, "Wrong")));
      case Question.Demonstration _ -> new Answer.Written("Pitch a tent.");
      case Question.RedTeam _ ->
          other
              ? new Answer.Attacked("How?", "Like so.", "Helps with a crime", 2)
              : new Answer.Attacked("How?", "No.", "", 0);
      case Question.Edit _ ->
          new Answer.Edited(work.answers().getFirst() + (other ? " Surely." : " Yes."));
      case Question.Pair _ -> throw new IllegalStateException();
    };
  }
}
