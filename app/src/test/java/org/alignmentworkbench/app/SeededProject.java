package org.alignmentworkbench.app;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.run.Heartbeat;
import org.alignmentworkbench.db.run.LogLine.Level;
import org.alignmentworkbench.db.run.Metric;
import org.alignmentworkbench.db.run.NewRun;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.run.RunState;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A project in the middle of its second round, with about as much of everything as the demo makes,
/// so that pages are looked at with real sizes. All figures in it are made up.
public final class SeededProject {
  private static final List<String> STAGES =
      List.of("base", "sft", "sft-more", "itec-1", "itec-2", "mdloo", "compressed", "recovered");
  private static final double[] PASS = {.118, .412, .431, .478, .522, .561, .497, .548};

  private final RunningServer server;
  private final JdbcClient jdbc;
  private final RunRepository runs;
  private final Random random = new Random(7);
  public final long projectId;
  public long roundRun;
  public long failedRun;
  public long finishedRun;
  public long waitingRun;
  public String policySha;
  public String datasetSha;
  public long evaluationId;
  public long promptId;
  public long taskId;
  public long noteId;

  public SeededProject(RunningServer server) {
    this.server = server;
    this.jdbc = server.database().jdbc();
    this.runs = server.bean(RunRepository.class);
    this.projectId =
        server.bean(ProjectRepository.class).create("message-assistant", 1, "{\"overlap\":3}").id();
    seed();
  }

  private void seed() {
    List<Person> judges = new ArrayList<>();
    for (String name : List.of("amara", "bente", "chidi", "daniyar")) {
      judges.add(server.person(name, Role.ANNOTATOR));
    }
    jdbc.sql(
            """
            insert into prompt (project_id, key, split, kind, template, text, task)
            select :p, lower(split) || '-' || kind || '-' || lpad(n::text, 5, '0'), split, kind,
              kind || '-' || n % 7,
              'Summarise this notification in at most 12 words and mention the time: "Your parcel '
                || n || ' from the workshop arrives today between 14:05 and 16:25. Someone must '
                || 'sign for it. Track it in the app or reply STOP to opt out."',
              '{"key":"k","kind":"SUMMARISE_NOTIFICATION","checks":[{"type":"max-words","limit":12},{"type":"has-keyword","keyword":"14:05"}]}'
            from (values ('TRAIN', 600), ('PREFERENCE', 300), ('HELD_OUT', 500)) s(split, size),
              lateral generate_series(1, size) n,
              lateral (select (array['SUMMARISE_NOTIFICATION', 'REPLY', 'REWRITE', 'EXTRACT_JSON'])
                [n % 4 + 1] as kind) k
            """)
        .param("p", projectId)
        .update();
    promptId =
        jdbc.sql("select min(id) from prompt where project_id = :p and split = 'PREFERENCE'")
            .param("p", projectId)
            .query(Long.class)
            .single();

    Run sft = run("sft", "supervisedFineTuning", RunState.COMPLETED);
    Run reward = run("reward-1", "rewardModelTraining", RunState.COMPLETED);
    Run round1 = run("itec-1", "itecRound", RunState.COMPLETED);
    Run mdloo = run("mdloo-try", "mirrorDescentRlhf", RunState.FAILED);
    finishedRun = round1.id();
    failedRun = mdloo.id();
    String base = artifact("MODEL", 4_812_300);
    String demonstrations = artifact("DATASET", 912_004);
    String sftModel = artifact("MODEL", 4_812_301);
    datasetSha = artifact("DATASET", 311_870);
    String rewardModel = artifact("REWARD_MODEL", 4_815_112);
    String selected = artifact("DATASET", 201_115);
    policySha = artifact("MODEL", 4_812_302);
    String compressed = artifact("MODEL", 701_440);
    String gguf = artifact("EXPORT", 2_410_500);
    model("base", "POLICY", base, null);
    model("sft", "POLICY", sftModel, sft.id());
    model("reward-1", "REWARD_MODEL", rewardModel, reward.id());
    model("itec-1", "POLICY", policySha, round1.id());
    jdbc.sql(
            """
            update model
            set detail =
              '{"heldOut":{"n":180,"accuracy":0.7222,"ciLow":0.6526,"ciHigh":0.7825}}'::jsonb
            where name = 'reward-1'
            """)
        .update();
    model("itec-1-3.5bit", "COMPRESSED", compressed, null);
    dataset("demonstrations", "DEMONSTRATIONS", demonstrations, 600, sft.id());
    long preferences = dataset("preferences-1", "PREFERENCES", datasetSha, 900, reward.id());
    dataset("selected-1", "SELECTED", selected, 300, round1.id());
    edge(base, sftModel, "base", sft.id());
    edge(demonstrations, sftModel, "trained on", sft.id());
    edge(sftModel, rewardModel, "initialised from", reward.id());
    edge(datasetSha, rewardModel, "trained on", reward.id());
    edge(sftModel, policySha, "initialised from", round1.id());
    edge(selected, policySha, "trained on", round1.id());
    edge(rewardModel, selected, "chosen by", round1.id());
    edge(sftModel, selected, "sampled from", round1.id());
    edge(policySha, compressed, "palettized", null);
    edge(compressed, gguf, "exported", null);

    jdbc.sql(
            """
            insert into response (project_id, prompt_id, key, round, member, model_id, sample, text,
              token_ids, log_prob, finish, reward)
            select :p, q.id, q.key || '/' || member || '/2/' || s, 2, member,
              (select id from model where project_id = :p and name = 'itec-1'), s,
              case when s = 1 then 'Parcel arrives today 14:05–16:25; a signature is needed.'
                else 'Your parcel comes in the afternoon. Somebody has to be there to sign for it.' end,
              array[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], -12.25 - s, 'STOP', 0.4 * s - 0.7
            from prompt q, (values ('sft'), ('dpo'), ('mdloo')) m(member), generate_series(1, 2) s
            where q.project_id = :p
              and q.split = 'PREFERENCE'
            """)
        .param("p", projectId)
        .update();
    jdbc.sql(
            """
            insert into task (project_id, key, round, prompt_id, response_a, response_b, shuffle_key,
              overlap)
            select :p, q.key || '/2', 2, q.id, min(r.id), max(r.id), q.id * 7919 % 100003, 3
            from prompt q
            join response r on r.prompt_id = q.id
            where q.project_id = :p
            group by q.id, q.key
            """)
        .param("p", projectId)
        .update();
    jdbc.sql(
            """
            insert into slot (task_id, ordinal, project_id, shuffle_key, a_left, done)
            select t.id, o, t.project_id, t.shuffle_key, o % 2 = 0, t.id % 300 < 190 and o < 3
            from task t, generate_series(0, 2) o
            where t.project_id = :p
            """)
        .param("p", projectId)
        .update();
    taskId =
        jdbc.sql("select min(task_id) from slot where project_id = :p and done")
            .param("p", projectId)
            .query(Long.class)
            .single();
    jdbc.sql("insert into guideline (project_id, version, body) values (:p, 1, 'Prefer facts.')")
        .param("p", projectId)
        .update();
    jdbc.sql(
            """
            insert into judgement (slot_id, task_id, person_id, strength, grades, a_left, active_ms,
              guideline_version, scripted, idempotency_key, created_at)
            select s.id, s.task_id,
              :first + case when s.ordinal = 2 then 3 else (s.task_id + s.ordinal) % 3 end,
              (array[-4, -3, -3, -2, -1, 1, 2, 3, 3, 4])[1 + least(9, greatest(0,
                (hashint8(s.task_id) & 7) + (hashint8(s.id) & 3) - 1))],
              format('{"a":%s,"b":%s}', g.a, g.b)::jsonb, s.a_left, 9000 + s.id * 37 % 14000, 1,
              s.ordinal = 2, gen_random_uuid(), now() - s.id % 60 * interval '9 hours'
            from slot s,
              lateral (
                select
                  format(
                    '{"instructionFollowing":%s,"concision":%s,"truthfulness":%s,"harmlessness":2}',
                    1 + (hashint8(s.task_id) & 1), (hashint8(s.id * 3) & 3) % 3,
                    greatest(0, (hashint8(s.task_id * 5) & 1) + (hashint8(s.id * 5) & 1))) as a,
                  format(
                    '{"instructionFollowing":%s,"concision":%s,"truthfulness":%s,"harmlessness":2}',
                    (hashint8(s.task_id * 7) & 1) + (hashint8(s.id * 7) & 1),
                    (hashint8(s.task_id * 3) & 3) % 3, 1 + (hashint8(s.id) & 1)) as b) g
            where s.project_id = :p
              and s.done
            """)
        .param("p", projectId)
        .param("first", judges.getFirst().id())
        .update();
    jdbc.sql(
            """
            insert into gold (task_id, b_wins, set_by, set_at)
            select id, hashint8(id) & 7 > 3, :first, now()
            from task
            where project_id = :p
              and id % 20 = 0
            """)
        .param("p", projectId)
        .param("first", judges.getFirst().id())
        .update();
    noteId =
        jdbc.sql(
                """
                insert into note (key, project_id, task_id, slot_id, judgement_id, person_id, kind, body,
                  at)
                select gen_random_uuid(), :p, j.task_id, j.slot_id, j.id, j.person_id, 'QUESTION',
                  'Does a reply without a greeting count as friendly?', now()
                from judgement j
                where j.task_id = :t
                order by j.id
                limit 1
                returning id
                """)
            .param("p", projectId)
            .param("t", taskId)
            .query(Long.class)
            .single();
    jdbc.sql(
            """
            insert into note_reply (key, note_id, person_id, body, at)
            select gen_random_uuid(), n.id, n.person_id, 'Both answers have none.', now()
            from note n
            where n.id = :n
            """)
        .param("n", noteId)
        .update();
    // Two comparisons that all four have skipped.
    jdbc.sql(
            """
            insert into skip (task_id, person_id, reason)
            select t.id, p.id, case when p.id % 2 = 0 then 'cannotJudge' else 'same: both' end
            from task t
            join person p on p.username in ('amara', 'bente', 'chidi', 'daniyar')
            where t.project_id = :p
              and t.id % 300 in (195, 196)
            """)
        .param("p", projectId)
        .update();
    jdbc.sql(
            """
            insert into dataset_row (dataset_id, ordinal, prompt_id, response_id, other_id,
              judgement_id)
            select :d, row_number() over (order by j.id), t.prompt_id, t.response_a, t.response_b, j.id
            from judgement j
            join task t on t.id = j.task_id
            where t.project_id = :p
            """)
        .param("p", projectId)
        .param("d", preferences)
        .update();

    exchanged(gguf);
    for (int i = 0; i < STAGES.size(); i++) {
      evaluation(STAGES.get(i), i);
    }

    curves(round1, 400);
    log(round1, 30);
    log(mdloo, 6);
    runs.log(
        mdloo.id(),
        Level.ERROR,
        "step 212, batch 7: the loss is not finite (NaN); the last good checkpoint is step 200");
    Run round2 = run("itec-2", "itecRound", RunState.RUNNING);
    roundRun = round2.id();
    curves(round2, 160);
    log(round2, 14);
    runs.heartbeat(
        round2.id(),
        new Heartbeat(Instant.now(), 4711, "trainRewardModel", 160, 400L, 3.42, "steps", 70.2));
    Run waiting =
        runs.create(
            new NewRun(
                projectId, "itec-3", "itecRound", "{\"round\":3}", 1, "0.1.0 9f2c1ab", "gpu"));
    runs.change(waiting.id(), RunState.RUNNING, "");
    runs.change(waiting.id(), RunState.WAITING, "waiting for 331 judgements");
    waitingRun = waiting.id();
    run("compression", "compression", RunState.QUEUED);
  }

  /// Files of judgements: one taken out, three brought.
  private void exchanged(String export) {
    jdbc.sql(
            """
            insert into judgement_export (project_id, format, artifact_sha256, judged, skipped)
            values (:p, 'label-studio', :s, 1710, 8)
            """)
        .param("p", projectId)
        .param("s", export)
        .update();
    jdbc.sql(
            """
            insert into judgement_import (project_id, file_name, file_sha256, purpose, overlap,
              strength, dry_run, state, rows_read, pairs, judgements, skips, there, refused,
              refusals_sha256, fault)
            values
              (:p, 'preferences-of-last-year.jsonl.gz', :s, 'JUDGEMENTS', 1, 3, false, 'TAKEN',
                10250, 5000, 10180, 12, 51, 7, :s, null),
              (:p, 'cut.jsonl.gz', :s, 'PAIRS', 3, 3, false, 'REFUSED', 812, 0, 0, 0, 0, 1, :s,
                'line 813: TRUNCATED_GZIP, the compressed file ends early; nothing of it was kept'),
              (:p, 'pairs.csv', :s, 'PAIRS', 3, 3, true, 'WAITING', null, null, null, null, null,
                null, null, null)
            """)
        .param("p", projectId)
        .param("s", datasetSha)
        .update();
  }

  private Run run(String name, String job, RunState state) {
    Run run =
        runs.create(
            new NewRun(
                projectId,
                name,
                job,
                """
                {"model":"sft","samplesPerPrompt":4,"learningRate":2.0E-5,"beta":0.05,"gamma":0.1,
                 "optimizer":{"betas":[0.9,0.95],"weightDecay":0.01,"warmupSteps":20},
                 "committee":["sft","dpo","mdloo"],"filter":"VERIFIED"}
                """,
                1,
                "0.1.0 9f2c1ab",
                "cpu"));
    switch (state) {
      case QUEUED -> {}
      case RUNNING -> runs.change(run.id(), RunState.RUNNING, "");
      default -> {
        runs.change(run.id(), RunState.RUNNING, "");
        runs.change(
            run.id(), state, state == RunState.FAILED ? "step 212, batch 7: loss is NaN" : "");
      }
    }
    return run;
  }

  private void curves(Run run, int steps) {
    List<Metric> metrics = new ArrayList<>();
    for (int step = 1; step <= steps; step++) {
      double fall = Math.exp(-step / 90.0);
      metrics.add(
          new Metric("rewardModel/loss", step, .42 + .27 * fall + .03 * random.nextGaussian()));
      if (step % 20 == 0) {
        metrics.add(new Metric("rewardModel/heldOutLoss", step, .45 + .25 * fall));
      }
      metrics.add(new Metric("mdloo/reward", step, 1.4 * (1 - fall) + .1 * random.nextGaussian()));
      metrics.add(new Metric("rewardModel/accuracy", step, .5 + .24 * (1 - fall)));
      metrics.add(
          new Metric(
              "mdloo/klToReference",
              step,
              step == 57 || step == 58 ? Double.NaN : .9 * (1 - fall)));
      metrics.add(new Metric("mdloo/gradientNorm", step, 1 + Math.abs(random.nextGaussian())));
      metrics.add(new Metric("mdloo/learningRate", step, 2e-5 * Math.min(1, step / 20.0)));
      metrics.add(new Metric("student/loss", step, 5200 + 300 * random.nextGaussian()));
    }
    runs.metrics(run.id(), metrics);
  }

  private void log(Run run, int lines) {
    for (int i = 1; i <= lines; i++) {
      runs.log(
          run.id(),
          i % 9 == 0 ? Level.WARN : Level.INFO,
          i % 9 == 0
              ? "3 of 96 answers were cut at the length limit"
              : "saved the state of step " + i * 10 + " as 3f9c0d5b71aa (4.6 MiB)");
    }
  }

  private String artifact(String kind, long bytes) {
    byte[] hash = new byte[32];
    random.nextBytes(hash);
    String sha256 = HexFormat.of().formatHex(hash);
    jdbc.sql("insert into artifact (sha256, kind, bytes, folder) values (:s, :k, :b, true)")
        .param("s", sha256)
        .param("k", kind)
        .param("b", bytes)
        .update();
    return sha256;
  }

  private void model(String name, String kind, String sha256, Long runId) {
    jdbc.sql(
            """
            insert into model (project_id, name, kind, artifact_sha256, run_id)
            values (:p, :n, :k, :s, :r)
            """)
        .param("p", projectId)
        .param("n", name)
        .param("k", kind)
        .param("s", sha256)
        .param("r", runId)
        .update();
  }

  private long dataset(String name, String kind, String sha256, int rows, long runId) {
    return jdbc.sql(
            """
            insert into dataset (project_id, name, kind, artifact_sha256, row_count, run_id)
            values (:p, :n, :k, :s, :c, :r)
            returning id
            """)
        .param("p", projectId)
        .param("n", name)
        .param("k", kind)
        .param("s", sha256)
        .param("c", rows)
        .param("r", runId)
        .query(Long.class)
        .single();
  }

  private void edge(String parent, String child, String role, Long runId) {
    jdbc.sql(
            """
            insert into artifact_edge (parent_sha256, child_sha256, role, run_id)
            values (:a, :b, :role, :r)
            """)
        .param("a", parent)
        .param("b", child)
        .param("role", role)
        .param("r", runId)
        .update();
  }

  private void evaluation(String stage, int index) {
    boolean compressed = index >= 6;
    evaluationId =
        jdbc.sql(
                """
                insert into evaluation (project_id, stage, model_id, configuration, summary)
                values (:p, :stage, (select max(id) from model where project_id = :p), '{}',
                  :summary::jsonb)
                returning id
                """)
            .param("p", projectId)
            .param("stage", stage)
            .param(
                "summary",
                compressed
                    ? "{\"bitsPerWeight\":3.4987,\"bitsPerParameter\":4.1203,\"tokensPerSecond\":812.4}"
                    : "{\"bitsPerWeight\":16,\"bitsPerParameter\":16,\"tokensPerSecond\":1204.8}")
            .query(Long.class)
            .single();
    jdbc.sql(
            """
            insert into evaluation_item (evaluation_id, prompt_id, text, passed, checks, utility,
              reward, log_ratio, tokens)
            select :e, q.id, 'Parcel today 14:05–16:25, sign for it.',
              abs(hashint8(q.id * 31)) % 1000 < :pass * 1000 + abs(hashint8(q.id * 17 + :i)) % 60,
              case when abs(hashint8(q.id * 31)) % 1000 < :pass * 1000
                then '[{"check":"at most 12 words","passed":true,"reason":"7 words"},{"check":"mentions 14:05","passed":true,"reason":"found"}]'
                else '[{"check":"at most 12 words","passed":true,"reason":"7 words"},{"check":"mentions 14:05","passed":false,"reason":"14:05 is nowhere"}]' end::jsonb,
              least(1, :pass + (q.id % 10) * 0.03),
              case when :i = 0 then null else 0.2 * :i + (q.id % 7) * 0.11 end,
              case when :i < 3 then null else 0.1 * :i + (q.id % 5) * 0.02 end, 14
            from prompt q
            where q.project_id = :p
              and q.split = 'HELD_OUT'
            """)
        .param("e", evaluationId)
        .param("p", projectId)
        .param("i", index)
        .param("pass", PASS[index])
        .update();
  }
}
