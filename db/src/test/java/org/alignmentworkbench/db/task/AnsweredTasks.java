package org.alignmentworkbench.db.task;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.prompt.Prompt;
import org.alignmentworkbench.db.response.NewResponse;
import org.alignmentworkbench.db.response.Response;
import org.alignmentworkbench.db.response.ResponseRepository;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A project with one set-up whose tasks people answer as a test says, in the tasks' own order.
final class AnsweredTasks {
  static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final AtomicInteger NUMBER = new AtomicInteger();

  final long projectId;
  final long lead;
  final Setup setup;

  /// In order of their keys.
  final List<Long> tasks;

  private final JdbcClient jdbc;
  private final Queue queue;
  private final WorkSlots slots;

  AnsweredTasks(JdbcClient jdbc, Question question, int answers, int prompts, int overlap) {
    this.jdbc = jdbc;
    this.queue = new Queue(jdbc);
    this.slots = new WorkSlots(jdbc, queue);
    this.lead = person(Role.LEAD);
    TestProject project = TestProject.create(jdbc, prompts);
    this.projectId = project.id();
    List<NewResponse> more = new ArrayList<>();
    for (int sample = 2; sample < answers; sample++) {
      for (Prompt prompt : project.prompts()) {
        more.add(response(project, prompt, sample));
      }
    }
    ResponseRepository responses = new ResponseRepository(jdbc);
    responses.add(projectId, more);
    List<NewWork> work =
        project.prompts().stream()
            .map(prompt ->
                new NewWork(
                    prompt.id(),
                    responses.ofRound(projectId, 1).stream()
                        .filter(response -> response.promptId() == prompt.id())
                        .limit(answers)
                        .map(response -> response.id())
                        .toList()))
            .toList();
    Setups setups = new Setups(jdbc);
    long id = setups.make(projectId, question, overlap, "{}", work, lead, NOON).setupId();
    this.setup =
        setups.ofProject(projectId).stream()
            .filter(each -> each.id() == id)
            .findFirst()
            .orElseThrow();
    this.tasks =
        jdbc.sql("select id from task where setup_id = ? order by key")
            .param(id)
            .query(Long.class)
            .list();
  }

  private static NewResponse response(TestProject project, Prompt prompt, int sample) {
    return new NewResponse(
        prompt.id(),
        prompt.key() + "/r1/sft/" + sample,
        1,
        "sft",
        project.modelId(),
        sample,
        "Response " + sample + " to " + prompt.text(),
        new int[] {5, 6, sample},
        -1.5,
        Response.Finish.STOP,
        null,
        null,
        null);
  }

  private long person(Role role) {
    String name = "answerer-" + NUMBER.incrementAndGet();
    return new PersonRepository(jdbc).create(name, name, null, role, false).id();
  }

  long person() {
    return person(Role.ANNOTATOR);
  }

  /// A person answers every task, each with the answer of its number.
  long answer(Answer... ofTasks) {
    long person = person();
    for (int i = 0; i < ofTasks.length; i++) {
      if (!(queue.claim(projectId, person, NOON, Duration.ofMinutes(10))
          instanceof Claim.Claimed(var slot))) {
        throw new AssertionError("nothing to answer after " + i);
      }
      Work work = slots.held(slot.slotId(), person).orElseThrow();
      long task =
          jdbc.sql("select task_id from slot where id = ?")
              .param(slot.slotId())
              .query(Long.class)
              .single();
      SubmitOutcome outcome =
          slots.submit(
              new WorkSubmission(
                  slot.slotId(),
                  person,
                  UUID.randomUUID(),
                  shown(ofTasks[tasks.indexOf(task)], work.answers(), texts(task)),
                  "because",
                  1000,
                  0,
                  false),
              NOON);
      if (!(outcome instanceof SubmitOutcome.Accepted)) {
        throw new AssertionError(outcome);
      }
    }
    return person;
  }

  private List<String> texts(long task) {
    return jdbc.sql(
            """
            select r.text
            from task_answer a
            join response r on r.id = a.response_id
            where a.task_id = ?
            order by a.ordinal
            """)
        .param(task)
        .query(String.class)
        .list();
  }

  /// As somebody says it to whom the answers are shown in another order.
  private static Answer shown(Answer own, List<String> shown, List<String> texts) {
    return switch (own) {
      case Answer.Ranked(var places, var _) ->
          ranked(shown.stream().map(text -> places.get(texts.indexOf(text))).toList());
      case Answer.Chosen(var choice, int strength, var order) ->
          new Answer.Chosen(choice, shown.equals(texts) ? strength : -strength, order);
      case Answer.Graded _, Answer.Written _, Answer.Edited _, Answer.Marked _, Answer.Attacked _ ->
          own;
    };
  }

  static Answer ranked(List<Integer> places) {
    return new Answer.Ranked(places, IntStream.range(0, places.size()).boxed().toList());
  }

  static Answer ranked(Integer... places) {
    return ranked(List.of(places));
  }

  /// Of -3 to 3; 0 is a tie.
  static Answer chosen(int strength) {
    return new Answer.Chosen(
        strength == 0 ? Answer.Choice.TIE : Answer.Choice.PREFERS, strength, List.of(0, 1));
  }

  static Answer bothBad() {
    return new Answer.Chosen(Answer.Choice.BOTH_BAD, 0, List.of(0, 1));
  }

  /// Levels of `a`, `b` and so on.
  static Answer graded(int... levels) {
    SequencedMap<String, Integer> by = new LinkedHashMap<>();
    for (int i = 0; i < levels.length; i++) {
      by.put(String.valueOf((char) ('a' + i)), levels[i]);
    }
    return new Answer.Graded(by);
  }

  static Answer marked(Answer.Passage... passages) {
    return new Answer.Marked(new ArrayList<>(List.of(passages)));
  }
}
