package org.alignmentworkbench.db.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.row.Columns;
import org.alignmentworkbench.db.view.LoopCounts;
import org.alignmentworkbench.db.view.ProjectLine;
import org.alignmentworkbench.db.view.ProjectView;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What is kept of a project beside its rows equals what counting the rows gives, whatever happened
/// to them. The counting queries are the slow ones that the pages once ran.
class KeptCountsIT {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Grades GOOD = new Grades(2, 2, 2, 2);

  private static final String QUEUES =
      """
      with own as (
        select task_id, bool_or(skipped) as skipped
        from (
          select task_id, false as skipped from judgement where person_id = :personId
          union all
          select task_id, true from skip where person_id = :personId
          union all
          select task_id, true
          from withdrawn_judgement
          where person_id = :personId and why = 'LEAD'
        ) as either
        group by task_id
      ), counted as (
        select s.project_id,
          count(*) filter (
            where s.dealt_to is null
              or s.done
              or (s.dealt_to = :personId
                and (own.task_id is null or (s.purpose = 'REPEAT' and not own.skipped)))) as wanted,
          count(*) filter (where s.done) as judged,
          count(distinct (s.task_id, s.purpose = 'REPEAT')) filter (
            where not s.done
              and (t.person_id is not null or s.leased_by = :personId)
              and (s.dealt_to is null or s.dealt_to = :personId)
              and (s.leased_until is null or s.leased_until < :now or s.leased_by = :personId)
              and (own.task_id is null or (s.purpose = 'REPEAT' and not own.skipped))
              and (s.language is null
                or not exists (select from person_language x where x.person_id = :personId)
                or exists (
                  select from person_language x
                  where x.person_id = :personId
                    and (x.language = s.language or s.language like x.language || '-%'))))
            as waiting,
          count(*) filter (
            where s.leased_by <> :personId and s.leased_until >= :now) as leased_by_others,
          min(s.leased_until) filter (
            where s.dealt_to is null
              and s.leased_by <> :personId
              and s.leased_until >= :now
              and own.task_id is null)
            as retry_at,
          min(s.id) filter (where s.leased_by = :personId) as held_slot
        from slot s
        left join own on own.task_id = s.task_id
        left join may_take t on t.project_id = s.project_id and t.person_id = :personId
        group by s.project_id
      )
      select p.id, p.name, c.wanted, c.judged, c.waiting, c.leased_by_others, c.retry_at,
        c.held_slot, m.quota,
        (
          select count(*)
          from judgement j
          join task t on t.id = j.task_id
          where t.project_id = p.id and j.person_id = :personId
        ) as done_by_you
      from project p
      join counted c on c.project_id = p.id
      join may_label m on m.project_id = p.id and m.person_id = :personId
      where p.state = 'ACTIVE'
      order by p.id desc
      """;

  private static final String OPEN_TASKS =
      """
      with judge as (
        select w.id
        from may_take m
        join person w on w.id = m.person_id
        where m.project_id = :projectId
          and w.scripted = :scripted
      ), done_with as (
        select task_id, person_id from judgement
        union
        select task_id, person_id from skip
        union
        select task_id, person_id from withdrawn_judgement where why = 'LEAD'
      ), reads as (
        -- Who judges in which of the languages that are open; null is a language unknown.
        select l.language, judge.id
        from (
          select distinct language
          from slot
          where project_id = :projectId
            and not done
        ) l
        cross join judge
        where l.language is null
          or not exists (select from person_language x where x.person_id = judge.id)
          or exists (
            select
            from person_language x
            where x.person_id = judge.id
              and (x.language = l.language or l.language like x.language || '-%'))
      ), readers as (
        select language, count(*) as number
        from reads
        group by language
      ), open_slots as (
        select task_id, language, count(*) as open,
          count(*) filter (where leased_until is null or leased_until < :now) as free
        from slot
        where project_id = :projectId
          and purpose = 'WORK'
          and not done
        group by task_id, language
      ), past as (
        -- Readers who are done with an open task: found in one pass, however many are open.
        select s.task_id, s.language, count(*) as number
        from open_slots s
        join done_with d on d.task_id = s.task_id
        join reads on reads.id = d.person_id
          and reads.language is not distinct from s.language
        group by s.task_id, s.language
      ), open_task as (
        select s.task_id, s.open, s.free,
          coalesce(r.number, 0) - coalesce(past.number, 0) as able
        from open_slots s
        left join readers r on r.language is not distinct from s.language
        left join past on past.task_id = s.task_id
          and past.language is not distinct from s.language
      )
      """;

  private static final String ROUNDS =
      OPEN_TASKS
          + """
          , judged as (
            select t.round, count(*) as number
            from judgement j
            join task t on t.id = j.task_id
            where t.project_id = :projectId
              and j.purpose = 'WORK'
            group by t.round
          ), closed as (
            select t.round, count(*) as number
            from closed_slot c
            join task t on t.id = c.task_id
            where t.project_id = :projectId
            group by t.round
          )
          select t.round, count(*) as tasks,
            coalesce((select number from judged where judged.round = t.round), 0) as judged,
            coalesce(sum(o.open - o.free), 0) as in_hand,
            coalesce(sum(o.free), 0) as free,
            coalesce(sum(least(o.free, greatest(o.open - o.able, 0))), 0) as by_nobody,
            coalesce((select number from closed where closed.round = t.round), 0) as closed
          from task t
          left join open_task o on o.task_id = t.id
          where t.project_id = :projectId
          group by t.round
          order by t.round
          """;

  private static final List<String> KEPT_AND_COUNTED =
      List.of(
          """
          select project_id, round, kind, language, sum(tasks), sum(work), sum(work_done),
            sum(beside), sum(beside_done)
          from work_count
          group by project_id, round, kind, language
          having sum(tasks) <> 0 or sum(work) <> 0 or sum(beside) <> 0
          """,
          """
          select project_id, round, kind, language, sum(tasks), sum(work), sum(work_done),
            sum(beside), sum(beside_done)
          from (
            select project_id, round, kind, '' as language, 1 as tasks, 0 as work, 0 as work_done,
              0 as beside, 0 as beside_done
            from task
            union all
            select t.project_id, t.round, t.kind, coalesce(s.language, ''), 0,
              (purpose = 'WORK')::int, (purpose = 'WORK' and done)::int, (purpose <> 'WORK')::int,
              (purpose <> 'WORK' and done)::int
            from slot s
            join task t on t.id = s.task_id) each
          group by project_id, round, kind, language
          """,
          """
          select project_id, person_id, round, sum(judged), sum(work), sum(scripted)
          from judging_count
          group by project_id, person_id, round
          having sum(judged) <> 0
          """,
          """
          select t.project_id, j.person_id, t.round, count(*),
            count(*) filter (where j.purpose = 'WORK'),
            count(*) filter (where j.purpose = 'WORK' and j.scripted)
          from judgement j
          join task t on t.id = j.task_id
          group by t.project_id, j.person_id, t.round
          """,
          """
          select project_id, split, kind, sum(prompts)
          from prompt_count
          group by project_id, split, kind
          having sum(prompts) <> 0
          """,
          """
          select project_id, split, kind, count(*) from prompt group by project_id, split, kind
          """,
          """
          select project_id, round, member, sum(responses)
          from response_count
          group by project_id, round, member
          having sum(responses) <> 0
          """,
          """
          select project_id, round, member, count(*) from response group by project_id, round, member
          """);

  @AutoClose static final TestDatabase database = TestDatabase.migrated(16);
  private final JdbcClient jdbc = database.jdbc();
  private final Queue queue = new Queue(jdbc);
  private final DeskReadings desk = new DeskReadings(jdbc);
  private final Withdrawals withdrawals = new Withdrawals(jdbc, database.transactions());
  private final Undo undo = new Undo(jdbc, database.transactions(), queue);

  private final List<Long> people = new ArrayList<>();
  private Instant now = NOON;

  private enum Step {
    CLAIM,
    SUBMIT,
    SKIP,
    LEAVE,
    WITHDRAW,
    UNDO,
    DEAL,
    CLOSE,
    SPEAK,
    MOVE
  }

  private long person(boolean scripted) {
    String name = "walker-" + UUID.randomUUID();
    return new PersonRepository(jdbc).create(name, name, null, Role.ANNOTATOR, scripted).id();
  }

  private TestProject project(int taskCount, int overlap) {
    TestProject project = TestProject.create(jdbc, taskCount);
    int half = taskCount / 2;
    for (int round = 1; round <= 2; round++) {
      List<Comparison> comparisons = new ArrayList<>();
      for (int i = round == 1 ? 0 : half; i < (round == 1 ? half : taskCount); i++) {
        comparisons.add(
            new Comparison(
                project.prompts().get(i).id(),
                project.responses().get(2 * i).id(),
                project.responses().get(2 * i + 1).id()));
      }
      int _ = new TaskRepository(jdbc).make(project.id(), round, 7, overlap, comparisons);
    }
    return project;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void after_any_walk_what_is_kept_is_what_counting_gives(int seed) {
    Random random = new Random(seed);
    TestProject project = project(8, 1 + random.nextInt(3));
    for (int i = 0; i < 4; i++) {
      people.add(person(i == 3));
    }
    for (int i = 0; i < 120; i++) {
      Step step = Step.values()[random.nextInt(Step.values().length)];
      take(step, project.id(), people.get(random.nextInt(people.size())), random);
      requireSame(project.id(), "seed " + seed + ", step " + i + " " + step);
    }
  }

  @Test
  void sixteen_people_at_once_leave_the_counts_right() throws Exception {
    TestProject project = project(60, 3);
    for (int i = 0; i < 16; i++) {
      people.add(person(i % 4 == 3));
    }
    List<Future<?>> walks = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < people.size(); i++) {
        long person = people.get(i);
        Random random = new Random(50 + i);
        walks.add(
            threads.submit(() -> {
              for (int step = 0; step < 30; step++) {
                take(Step.CLAIM, project.id(), person, random);
                take(
                    random.nextInt(5) == 0 ? Step.SKIP : Step.SUBMIT, project.id(), person, random);
                if (random.nextInt(10) == 0) {
                  take(Step.WITHDRAW, project.id(), person, random);
                }
              }
            }));
      }
      for (Future<?> walk : walks) {
        walk.get();
      }
    }
    assertThat(desk.progress(project.id(), people.getFirst()).judged()).isGreaterThan(80);
    requireSame(project.id(), "sixteen people");
    // A row for each writer at once and no more: the pool has sixteen connections.
    assertThat(
            number(
                "select max(n) from (select count(*) as n from work_count group by project_id, round, kind, language) x"))
        .isLessThanOrEqualTo(16);
  }

  private long number(String sql) {
    return jdbc.sql(sql).query(Long.class).single();
  }

  private void take(Step step, long project, long person, Random random) {
    switch (step) {
      case CLAIM -> {
        Claim _ = queue.claim(project, person, now, LEASE);
      }
      case SUBMIT -> {
        for (long slot : held(project, person)) {
          SubmitOutcome _ =
              queue.submit(
                  new Submission(
                      slot, person, UUID.randomUUID(), -2, GOOD, GOOD, "", 40, 1, scripted(person)),
                  now);
        }
      }
      case SKIP ->
          held(project, person).forEach(slot -> queue.skip(slot, person, "cannotJudge", now));
      case LEAVE -> now = now.plus(Duration.ofMinutes(random.nextInt(12)));
      case UNDO -> {
        for (long slot :
            jdbc.sql("select slot_id from last_act where person_id = ?")
                .param(person)
                .query(Long.class)
                .list()) {
          UndoOutcome _ =
              undo.takeBack(person, slot, now, Duration.ofMinutes(10), LEASE, given -> "{}");
        }
      }
      case WITHDRAW ->
          jdbc.sql(
                  """
                  select j.id
                  from judgement j
                  join task t on t.id = j.task_id
                  where t.project_id = :project and j.person_id = :person
                  order by j.id
                  limit 1
                  """)
              .param("project", project)
              .param("person", person)
              .query(Long.class)
              .optional()
              .ifPresent(id -> withdrawals.withdraw(project, id, "why", person, now));
      case DEAL -> deal(project, person, random);
      case CLOSE -> {
        CloseOutcome _ =
            new OpenSlots(jdbc)
                .close(
                    project,
                    new OpenSlots.Choice(1 + random.nextInt(2), null, true),
                    Judges.PEOPLE,
                    person,
                    now);
      }
      case SPEAK ->
          jdbc.sql("update slot set language = :language where task_id = :task")
              .param("language", random.nextBoolean() ? "pt" : null)
              .param("task", task(project, random))
              .update();
      case MOVE ->
          jdbc.sql("update task set round = :round where id = :task")
              .param("round", 1 + random.nextInt(2))
              .param("task", task(project, random))
              .update();
    }
  }

  /// A check, as dealing makes it.
  private void deal(long project, long person, Random random) {
    jdbc.sql(
            """
            insert into slot (task_id, ordinal, project_id, shuffle_key, a_left, purpose, dealt_to)
            select t.id, 0, t.project_id, t.shuffle_key, true, 'CHECK', :person
            from task t
            where t.id = :task
              and not exists (
                select from judgement j where j.task_id = t.id and j.person_id = :person)
            on conflict do nothing
            """)
        .param("person", person)
        .param("task", task(project, random))
        .update();
  }

  private long task(long project, Random random) {
    List<Long> tasks =
        jdbc.sql("select id from task where project_id = ? order by id")
            .param(project)
            .query(Long.class)
            .list();
    return tasks.get(random.nextInt(tasks.size()));
  }

  private List<Long> held(long project, long person) {
    return jdbc.sql("select id from slot where project_id = ? and leased_by = ?")
        .param(project)
        .param(person)
        .query(Long.class)
        .list();
  }

  private boolean scripted(long person) {
    return jdbc.sql("select scripted from person where id = ?")
        .param(person)
        .query(Boolean.class)
        .single();
  }

  private void requireSame(long project, String after) {
    for (int i = 0; i < KEPT_AND_COUNTED.size(); i += 2) {
      assertThat(rows(KEPT_AND_COUNTED.get(i)))
          .as(after)
          .containsExactlyInAnyOrderElementsOf(rows(KEPT_AND_COUNTED.get(i + 1)));
    }
    for (Judges judges : List.of(Judges.PEOPLE, Judges.SCRIPTS)) {
      assertThat(new OpenSlots(jdbc).rounds(project, judges, now))
          .as(after)
          .isEqualTo(roundsCounted(project, judges));
    }
    for (long person : people) {
      List<DeskReadings.QueueState> counted = queuesCounted(person);
      assertThat(desk.queues(person, now)).as(after).isEqualTo(counted);
      counted.stream()
          .filter(state -> state.projectId() == project)
          .forEach(state ->
              assertThat(desk.progress(project, person))
                  .as(after)
                  .isEqualTo(new DeskReadings.Judged(state.judged(), state.wanted())));
    }
    requireSamePages(project, after);
  }

  private void requireSamePages(long project, String after) {
    LoopCounts loop = new ProjectView(jdbc).loop(project, now);
    List<Object> counted =
        rows("""
        select count(distinct t.id), count(s.id),
          count(*) filter (where s.leased_until > '%s'), count(*) filter (where s.done),
          (select count(*)
            from judgement j
            join task x on x.id = j.task_id
            where x.project_id = %d and x.round = %d and j.purpose = 'WORK'
              and j.scripted),
          (select count(distinct j.person_id)
            from judgement j
            join task x on x.id = j.task_id
            where x.project_id = %d and x.round = %d and j.purpose = 'WORK')
        from task t
        left join slot s on s.task_id = t.id and s.purpose = 'WORK'
        where t.project_id = %d and t.round = %d
        """
                .formatted(
                    now, project, loop.round(), project, loop.round(), project, loop.round()))
            .getFirst();
    assertThat(
            List.<Object>of(
                loop.pairs(),
                loop.wanted(),
                loop.leased(),
                loop.judged(),
                loop.scripted(),
                loop.judges()))
        .as(after)
        .isEqualTo(counted);
    ProjectLine line =
        new ProjectView(jdbc)
            .projects(people.getFirst(), Long.MAX_VALUE, 1000).stream()
                .filter(each -> each.id() == project)
                .findFirst()
                .orElseThrow();
    List<Object> slots =
        rows("""
        select count(*), count(*) filter (where done)
        from slot
        where project_id = %d and purpose = 'WORK'
        """
                .formatted(project))
            .getFirst();
    assertThat(List.<Object>of(line.wanted(), line.judged())).as(after).isEqualTo(slots);
  }

  /// Numbers of any type as long.
  private List<List<Object>> rows(String sql) {
    return jdbc.sql(sql)
        .query((row, number) -> {
          List<Object> values = new ArrayList<>();
          for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            Object value = row.getObject(i);
            values.add(value instanceof Number one ? (Object) one.longValue() : value);
          }
          return values;
        })
        .list();
  }

  private List<OpenSlots.Round> roundsCounted(long project, Judges judges) {
    return jdbc.sql(ROUNDS)
        .param("projectId", project)
        .param("scripted", judges.scripted())
        .param("now", Columns.time(now))
        .query((row, number) ->
            new OpenSlots.Round(
                row.getInt("round"),
                row.getInt("tasks"),
                row.getLong("judged"),
                row.getLong("in_hand"),
                row.getLong("free"),
                row.getLong("by_nobody"),
                row.getLong("closed")))
        .list();
  }

  private List<DeskReadings.QueueState> queuesCounted(long person) {
    return jdbc.sql(QUEUES)
        .param("personId", person)
        .param("now", Columns.time(now))
        .query((row, number) ->
            new DeskReadings.QueueState(
                row.getLong("id"),
                row.getString("name"),
                row.getLong("wanted"),
                row.getLong("judged"),
                row.getLong("waiting"),
                row.getLong("leased_by_others"),
                row.getLong("done_by_you"),
                Columns.instantOrNull(row, "retry_at"),
                Columns.longOrNull(row, "held_slot"),
                Columns.intOrNull(row, "quota")))
        .list();
  }
}
