package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.row.Columns;
import org.alignmentworkbench.db.task.Admission.Admitted;
import org.alignmentworkbench.db.task.Admissions.Ground;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Deals checks and repeats into somebody's queue, as slots of their own.
///
/// It is done for a stretch of tasks at a time, so that nothing about a pair changes when it is
/// taken or judged: a check waits, counts and leaves like any other pair, and stands among tasks of
/// its own set-up, as one of another kind would stand out. Which tasks they are and where they
/// stand follows from the project's seed, the person's user name and the number of the stretch, and
/// is the same for everybody where they qualify; between a judgement and its repeat there are
/// [#APART] others or more.
final class Dealing {
  /// Tasks of a stretch.
  static final int STRETCH = 20;

  /// Judgements between two of one pair.
  static final int APART = 10;

  private static final String BLOCK =
      """
      select p.seed, who.username, coalesce(b.number, 0) as number,
        coalesce(b.judged_before, 0) as judged_before,
        (
          select coalesce(sum(c.judged), 0)
          from judging_count c
          where c.person_id = :personId and c.project_id = :projectId
        ) as judged
      from project p
      join person who on who.id = :personId
      left join dealt_block b on b.project_id = p.id and b.person_id = who.id
      where p.id = :projectId
      """;
  // The next tasks of this person, one slot of each.
  private static final String AHEAD =
      """
      with ahead as (
        select s.id, s.task_id, s.shuffle_key
        from slot s
        where s.project_id = :projectId
          and s.purpose = 'WORK'
          and not s.done
          and not exists (
            select from judgement j
            where j.task_id = s.task_id and j.person_id = :personId)
          and not exists (
            select from skip k
            where k.task_id = s.task_id and k.person_id = :personId)
          and not exists (
            select from slot before
            where before.task_id = s.task_id
              and before.purpose = 'WORK'
              and not before.done
              and before.id < s.id)
        order by s.shuffle_key, s.id
        limit :limit
      )
      select a.id, a.shuffle_key, t.kind, t.setup_id
      from ahead a
      join task t on t.id = a.task_id
      order by a.shuffle_key, a.id
      """;
  // A project's set-ups whose choices are repeated, numbered among all of its set-ups.
  private static final String SHARES =
      """
      select u.id, u.number, u.repeat_percent
      from (
        select id, repeat_percent, row_number() over (order by id) as number
        from labelling_setup
        where project_id = :projectId
      ) u
      where u.repeat_percent > 0
      order by u.number
      """;
  // Whoever is dealt a task as a check cannot do what it wants as work. So where work is left,
  // enough
  // other people who judge here must be left for it.
  private static final String KNOWN =
      """
      with at_work as (
        select p.id
        from person p
        where p.active
          and not p.scripted
          and p.id <> :personId
          and p.id in (
            select c.person_id
            from judging_count c
            where c.project_id = :projectId
            group by c.person_id
            having sum(c.judged) > 0)
      )
      select t.id, t.key, t.kind, t.setup_id, t.overlap, null::boolean as a_left
      from gold g
      join task t on t.id = g.task_id
      where t.project_id = :projectId
        and not exists (
          select from judgement j
          where j.task_id = t.id and j.person_id = :personId)
        and not exists (
          select from skip k
          where k.task_id = t.id and k.person_id = :personId)
        and not exists (
          select from slot s
          where s.task_id = t.id and s.dealt_to = :personId)
        and (
          not :sparing
          or (
            select count(*)
            from slot w
            where w.task_id = t.id and w.purpose = 'WORK' and not w.done
          ) < greatest(1, (
            select count(*)
            from at_work
            where not exists (
                select from judgement j
                where j.task_id = t.id and j.person_id = at_work.id)
              and not exists (
                select from skip k
                where k.task_id = t.id and k.person_id = at_work.id)
              and not exists (
                select from slot s
                where s.task_id = t.id and s.dealt_to = at_work.id))))
      order by t.key
      """;
  // Comparisons, or the choices of one set-up, whose answer keeps the order in which they were
  // shown.
  private static final String JUDGED =
      """
      select t.id, t.key, t.kind, t.setup_id, t.overlap,
        case when t.kind = 'PAIR' then j.a_left else (j.answer -> 'shown' ->> 0) = '0' end as a_left
      from (
        select *
        from judgement
        where person_id = :personId
        order by id desc
        offset :least
      ) j
      join task t on t.id = j.task_id
      where t.project_id = :projectId
        and case when :setupId::bigint is null then t.kind = 'PAIR' else t.setup_id = :setupId end
        and j.purpose = 'WORK'
        and (j.a_left is not null or j.answer -> 'shown' is not null)
        and not exists (
          select from skip k
          where k.task_id = t.id and k.person_id = :personId)
        and not exists (
          select from slot s
          where s.task_id = t.id
            and s.dealt_to = :personId
            and s.purpose = 'REPEAT')
      order by j.id desc
      limit :most
      """;
  // An id next to that of a slot which the person could be dealt as well; those dealt beside one
  // slot take different ones. Should somebody take an id at the same moment, there is one check
  // less. Who is slower with the same stretch deals none.
  private static final String DEAL =
      """
      with turn as (
        insert into dealt_block (project_id, person_id, number, judged_before)
        values (:projectId, :personId, :number, :judged)
        on conflict (project_id, person_id) do update
        set number = excluded.number,
            judged_before = excluded.judged_before
        where dealt_block.number < excluded.number
        returning number
      ), dealt as (
        select n.*, n.beside / 16 as block,
          row_number() over (partition by n.beside / 16 order by n.task_id, n.purpose) as place
        from unnest(:tasks::bigint[], :ordinals::int[], :shuffleKeys::bigint[],
          :aLefts::boolean[], :purposes::text[], :besides::bigint[])
          as n(task_id, ordinal, shuffle_key, a_left, purpose, beside)
      ), gap as (
        select b.block, b.block * 16 + step as id,
          row_number() over (
            partition by b.block
            order by hashint8(b.block * 16 + step + :personId)) as place
        from (select distinct block from dealt) b
        cross join generate_series(0, 15) as step
        where not exists (select from slot s where s.id = b.block * 16 + step)
      )
      insert into slot (id, task_id, ordinal, project_id, shuffle_key, a_left, purpose, dealt_to)
      select coalesce(gap.id, slot_id(nextval('slot_number'))),
        d.task_id, d.ordinal, :projectId, d.shuffle_key, d.a_left, d.purpose, :personId
      from turn
      cross join dealt d
      left join gap using (block, place)
      on conflict do nothing
      """;
  private static final String QUALIFY =
      """
      insert into slot (task_id, ordinal, project_id, shuffle_key, a_left, purpose, dealt_to,
        attempt)
      select n.task_id, n.ordinal, :projectId, n.shuffle_key, n.a_left, 'QUALIFY', :personId,
        :attempt
      from unnest(:tasks::bigint[], :ordinals::int[], :shuffleKeys::bigint[], :aLefts::boolean[])
        as n(task_id, ordinal, shuffle_key, a_left)
      on conflict do nothing
      """;

  private final JdbcClient jdbc;

  Dealing(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private record Block(long seed, String username, int number, long judgedBefore, long judged) {}

  /// Tasks that look alike on the whole: comparisons, or those of one set-up.
  ///
  /// @param setupId null for comparisons
  private record Alike(@Nullable Long setupId) {
    static Alike of(ResultSet row) throws SQLException {
      return new Alike(
          TaskKind.valueOf(row.getString("kind")) == TaskKind.PAIR
              ? null
              : Columns.longOrNull(row, "setup_id"));
    }
  }

  private record Ahead(long slotId, long shuffleKey, Alike alike) {}

  /// How many of which tasks are asked again.
  ///
  /// @param of choices of a set-up, or all comparisons of the project
  /// @param name tells its draws from those of the others
  private record Share(Alike of, String name, int percent) {}

  /// A task that may be dealt.
  ///
  /// @param aLeft how the person saw it; null where they have not
  private record Candidate(
      long taskId, String key, Alike alike, int overlap, @Nullable Boolean aLeft) {}

  /// A slot to be made.
  private record Dealt(
      Candidate task, int ordinal, boolean aLeft, String purpose, long shuffleKey, long beside) {}

  /// Deals what has to be dealt before the person's next claim.
  void deal(long projectId, long personId, Ground ground) {
    if (!ground.checked()) {
      return;
    }
    if (ground.begins() > 0) {
      qualify(projectId, personId, ground);
    } else if (ground.admission() instanceof Admitted) {
      stretch(projectId, personId, ground);
    }
  }

  private void stretch(long projectId, long personId, Ground ground) {
    CheckRule rule = ground.rule();
    boolean checks = rule.checkPercent() > 0 && ground.unseen() > 0;
    if (!checks && rule.repeatPercent() == 0 && !ground.choicesRepeat()) {
      return;
    }
    Block block = block(projectId, personId);
    if (block.number() > 0 && block.judged() < block.judgedBefore() + STRETCH) {
      return;
    }
    List<Ahead> ahead = ahead(projectId, personId);
    if (ahead.isEmpty()) {
      return;
    }
    int number = block.number() + 1;
    String name = block.username() + "/" + number;
    List<Dealt> dealt = new ArrayList<>();
    if (checks) {
      int many = many(ahead.size(), rule.checkPercent(), block.seed(), name + "/checks");
      List<Candidate> known =
          known(projectId, personId, true).stream()
              .filter(task -> !alike(task.alike(), ahead).isEmpty())
              .toList();
      for (Candidate task : chosen(known, many, block.seed(), name)) {
        dealt.add(check(task, alike(task.alike(), ahead), block.seed(), name));
      }
    }
    for (Share share : shares(projectId, ground)) {
      List<Ahead> alike = alike(share.of(), ahead);
      int many = many(alike.size(), share.percent(), block.seed(), name + share.name());
      if (many > 0) {
        List<Candidate> judged = judged(projectId, personId, share.of().setupId());
        for (Candidate task : chosen(judged, many, block.seed(), name)) {
          dealt.add(repeat(task, alike, block.seed(), name));
        }
      }
    }
    write(projectId, personId, number, block.judged(), dealt);
  }

  private static List<Ahead> alike(Alike alike, List<Ahead> ahead) {
    return ahead.stream().filter(task -> task.alike().equals(alike)).toList();
  }

  /// A share of so many tasks; what is left of a whole one decides by the seed.
  static int many(int tasks, int percent, long seed, String name) {
    double wanted = tasks * percent / 100.0;
    double draw = TaskRepository.shuffleKey(seed, name) / (double) (Long.MAX_VALUE >> 1);
    return (int) Math.floor(wanted + draw * (1 - 1e-9));
  }

  private static List<Candidate> chosen(List<Candidate> tasks, int many, long seed, String name) {
    return tasks.stream()
        .sorted(
            Comparator.comparingLong(
                task -> TaskRepository.shuffleKey(seed, task.key() + "/" + name)))
        .limit(many)
        .toList();
  }

  private static Dealt check(Candidate task, List<Ahead> ahead, long seed, String name) {
    long draw = TaskRepository.shuffleKey(seed, name + "/check/" + task.key());
    return dealt(task, ahead, (draw & 1) == 0, "CHECK", draw >> 1);
  }

  private static Dealt repeat(Candidate task, List<Ahead> ahead, long seed, String name) {
    long draw = TaskRepository.shuffleKey(seed, name + "/repeat/" + task.key());
    return dealt(task, ahead, Boolean.FALSE.equals(task.aLeft()), "REPEAT", draw >> 1);
  }

  private static Dealt dealt(
      Candidate task, List<Ahead> ahead, boolean aLeft, String purpose, long draw) {
    Ahead place = ahead.get((int) (draw % ahead.size()));
    Ahead beside = ahead.get((int) (draw / ahead.size() % ahead.size()));
    return new Dealt(
        task, (int) (draw % task.overlap()), aLeft, purpose, place.shuffleKey(), beside.slotId());
  }

  private void write(long projectId, long personId, int number, long judged, List<Dealt> dealt) {
    jdbc.sql(DEAL)
        .param("projectId", projectId)
        .param("personId", personId)
        .param("number", number)
        .param("judged", judged)
        .param("tasks", dealt.stream().map(d -> d.task().taskId()).toArray(Long[]::new))
        .param("ordinals", dealt.stream().map(Dealt::ordinal).toArray(Integer[]::new))
        .param("shuffleKeys", dealt.stream().map(Dealt::shuffleKey).toArray(Long[]::new))
        .param("aLefts", dealt.stream().map(Dealt::aLeft).toArray(Boolean[]::new))
        .param("purposes", dealt.stream().map(Dealt::purpose).toArray(String[]::new))
        .param("besides", dealt.stream().map(Dealt::beside).toArray(Long[]::new))
        .update();
  }

  private void qualify(long projectId, long personId, Ground ground) {
    Block block = block(projectId, personId);
    String name = block.username() + "/qualify/" + ground.attempt();
    List<Candidate> tasks =
        chosen(known(projectId, personId, false), ground.begins(), block.seed(), "qualify");
    List<Long> draws =
        tasks.stream()
            .map(task -> TaskRepository.shuffleKey(block.seed(), name + "/" + task.key()))
            .toList();
    Integer[] ordinals = new Integer[tasks.size()];
    Long[] keys = new Long[tasks.size()];
    for (int i = 0; i < ordinals.length; i++) {
      ordinals[i] = (int) (draws.get(i) % tasks.get(i).overlap());
      keys[i] = (long) i;
    }
    jdbc.sql(QUALIFY)
        .param("projectId", projectId)
        .param("personId", personId)
        .param("attempt", ground.attempt())
        .param("tasks", tasks.stream().map(Candidate::taskId).toArray(Long[]::new))
        .param("ordinals", ordinals)
        .param("shuffleKeys", keys)
        .param("aLefts", draws.stream().map(draw -> (draw & 1) == 0).toArray(Boolean[]::new))
        .update();
  }

  private Block block(long projectId, long personId) {
    return jdbc.sql(BLOCK)
        .param("projectId", projectId)
        .param("personId", personId)
        .query((row, number) ->
            new Block(
                row.getLong("seed"),
                row.getString("username"),
                row.getInt("number"),
                row.getLong("judged_before"),
                row.getLong("judged")))
        .single();
  }

  private List<Ahead> ahead(long projectId, long personId) {
    return jdbc.sql(AHEAD)
        .param("projectId", projectId)
        .param("personId", personId)
        .param("limit", STRETCH)
        .query((row, number) ->
            new Ahead(row.getLong("id"), row.getLong("shuffle_key"), Alike.of(row)))
        .list();
  }

  private List<Share> shares(long projectId, Ground ground) {
    List<Share> shares = new ArrayList<>();
    int ofPairs = ground.rule().repeatPercent();
    if (ofPairs > 0) {
      shares.add(new Share(new Alike(null), "/repeats", ofPairs));
    }
    if (ground.choicesRepeat()) {
      shares.addAll(
          jdbc.sql(SHARES)
              .param("projectId", projectId)
              .query((row, number) ->
                  new Share(
                      new Alike(row.getLong("id")),
                      "/repeats/" + row.getLong("number"),
                      row.getInt("repeat_percent")))
              .list());
    }
    return shares;
  }

  /// @param sparing whether work that is left must be left to enough other people
  private List<Candidate> known(long projectId, long personId, boolean sparing) {
    return jdbc.sql(KNOWN)
        .param("projectId", projectId)
        .param("personId", personId)
        .param("sparing", sparing)
        .query((row, number) -> candidate(row))
        .list();
  }

  /// Not the latest ones: they would be remembered.
  ///
  /// @param setupId of choices; null for comparisons
  private List<Candidate> judged(long projectId, long personId, @Nullable Long setupId) {
    return jdbc.sql(JUDGED)
        .param("projectId", projectId)
        .param("personId", personId)
        .param("setupId", setupId)
        .param("least", APART)
        .param("most", 4 * STRETCH)
        .query((row, number) -> candidate(row))
        .list();
  }

  private static Candidate candidate(ResultSet row) throws SQLException {
    return new Candidate(
        row.getLong("id"),
        row.getString("key"),
        Alike.of(row),
        row.getInt("overlap"),
        Columns.booleanOrNull(row, "a_left"));
  }
}
