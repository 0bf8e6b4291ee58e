package org.alignmentworkbench.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.alignmentworkbench.app.AnsweredKinds;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.labelling.SetupDesk;
import org.alignmentworkbench.app.labelling.WorkExport;
import org.alignmentworkbench.app.labelling.WorkFormat;
import org.alignmentworkbench.db.exchange.WorkExports.WorkExportRow;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.task.Setups;
import org.alignmentworkbench.db.task.Withdrawals;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/// `judgements import` and `export`, and `answers export`, beside a server that runs on the same
/// data folder.
class JudgementCommandsIT {
  private static RunningServer server;

  @TempDir Path home;

  @BeforeAll
  static void start() {
    server = new RunningServer();
    server.bean(ProjectRepository.class).create("work", 1, "{}");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private CommandProcess.Outcome run(String... arguments) throws Exception {
    Path data = home.resolve("data");
    if (!Files.exists(data)) {
      Files.createSymbolicLink(data, server.home());
    }
    return CommandProcess.run(home, arguments);
  }

  private void withdrawTheOnlyOne() {
    Project project = server.bean(ProjectRepository.class).findByName("work").orElseThrow();
    withdraw(project.id(), server.person("lea", Role.LEAD).id());
  }

  /// The first judgement of a project.
  private static void withdraw(long projectId, long leadId) {
    long judgement =
        server
            .database()
            .jdbc()
            .sql(
                "select min(j.id) from judgement j join task t on t.id = j.task_id where t.project_id = ?")
            .param(projectId)
            .query(Long.class)
            .single();
    assertThat(
            new Withdrawals(server.database().jdbc(), server.bean(TransactionTemplate.class))
                .withdraw(projectId, judgement, "left out by a test", leadId, Instant.now()))
        .isTrue();
  }

  private String sha256(String file) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(home.resolve(file))));
  }

  @Test
  void judgements_go_in_and_out_and_what_cannot_be_is_one_sentence() throws Exception {
    Files.writeString(
        home.resolve("pairs.jsonl"),
        """
        {"prompt": "One?", "chosen": "1.", "rejected": "2."}
        {"prompt": "One?", "chosen": "1.", "rejected": "1."}
        """);
    JsonNode tried =
        run("judgements", "import", "work", "pairs.jsonl", "--dry-run", "--json").json();
    assertThat(tried.path("state").asString()).isEqualTo("TRIED");
    assertThat(tried.path("counts").path("judgements").asInt()).isEqualTo(1);

    CommandProcess.Outcome taken =
        run("judgements", "import", "work", "pairs.jsonl", "--refused", "refused.csv");
    assertThat(taken.exit()).as(taken.err()).isZero();
    assertThat(taken.out()).contains("2 rows: 1 new comparisons, 1 new judgements", "1 left out");
    assertThat(Files.readString(home.resolve("refused.csv"))).contains("2,CHOSEN_EQUALS_REJECTED,");
    assertThat(run("judgements", "import", "work", "pairs.jsonl").out())
        .contains("Brought in before, nothing is changed.");

    JsonNode out =
        run("judgements", "export", "work", "--format", "csv", "--to", "out.csv", "--json").json();
    assertThat(out.path("judged").asInt()).isEqualTo(1);
    assertThat(sha256("out.csv")).isEqualTo(out.path("sha256").asString());
    assertThat(run("lineage", out.path("sha256").asString()).out()).contains("judgements/people/");

    withdrawTheOnlyOne();
    JsonNode without =
        run("judgements", "export", "work", "--format", "csv", "--to", "less.csv", "--json").json();
    assertThat(without.path("judged").asInt()).isZero();
    CommandProcess.Outcome with =
        run("judgements", "export", "work", "--format", "csv", "--withdrawn", "--to", "all.csv");
    assertThat(with.out()).contains("0 judgements, 0 skips, 1 withdrawn");
    assertThat(Files.readString(home.resolve("less.csv"))).doesNotContain("withdrawn,");
    assertThat(Files.readString(home.resolve("all.csv"))).contains("left out by a test");
    assertThat(run("judgements", "export", "work", "--withdrawn", "--to", "no.jsonl").err())
        .contains("withdrawn judgements leave as one of [csv, spreadsheet, parquet]");

    CommandProcess.Outcome over = run("judgements", "export", "work", "--to", "out.csv");
    assertThat(over.exit()).isEqualTo(1);
    assertThat(over.err()).contains("out.csv exists already");
    CommandProcess.Outcome format = run("judgements", "export", "work", "--format", "xls");
    assertThat(format.err()).contains("there is no format 'xls'; there are trl-preference, kto");
    assertThat(run("judgements", "import", "nowhere", "pairs.jsonl").err())
        .contains("there is no project 'nowhere'");
  }

  @Test
  void answers_of_another_kind_go_out_and_what_cannot_be_is_one_sentence() throws Exception {
    AnsweredKinds answered = new AnsweredKinds(server);
    String project =
        server.bean(ProjectRepository.class).find(answered.projectId).orElseThrow().name();
    long grades = answered.setups.get("GRADE");
    String setup = String.valueOf(grades);
    JsonNode out = export(project, setup, "--to", "grades.jsonl", "--json").json();
    assertThat(out.path("judged").asInt()).isEqualTo(6);
    assertThat(sha256("grades.jsonl")).isEqualTo(out.path("sha256").asString());
    assertThat(Files.readAllLines(home.resolve("grades.jsonl"))).hasSize(6);
    assertThat(run("lineage", out.path("sha256").asString()).out()).contains("  answers");
    long lead = server.person("lou", Role.LEAD).id();
    WorkExportRow page =
        server
            .bean(WorkExport.class)
            .make(
                server.bean(SetupDesk.class).find(answered.projectId, grades).orElseThrow(),
                WorkFormat.JSONL,
                lead);
    assertThat(page.artifactSha256()).as("the page's file").isEqualTo(sha256("grades.jsonl"));
    assertThat(page.who()).as("nobody who has an account took it first").isNull();

    withdraw(answered.projectId, lead);
    assertThat(export(project, setup, "--format", "csv", "--withdrawn", "--to", "all.csv").out())
        .contains("all.csv: 5 answers, 0 skips, 1 withdrawn, ", "SHA-256 " + sha256("all.csv"));
    assertThat(Files.readString(home.resolve("all.csv"))).contains("left out by a test");
    CommandProcess.Outcome named = export(project, setup, "--format", "csv-data");
    assertThat(named.out()).startsWith("answers-grade-" + setup + "-").contains(": 5 answers,");
    String name = named.out().substring(0, named.out().indexOf(':'));
    assertThat(Files.readString(home.resolve(name)))
        .startsWith("task,")
        .doesNotContain("left out by a test");

    CommandProcess.Outcome over = export(project, setup, "--to", "all.csv");
    assertThat(over.exit()).isEqualTo(1);
    assertThat(over.err()).contains("all.csv exists already");
    assertThat(export(project, setup, "--format", "xls").err())
        .contains("there is no format 'xls'; there are jsonl, csv, csv-data, parquet");
    assertThat(export("nowhere", setup).err()).contains("there is no project 'nowhere'");
    assertThat(export("work", setup).err())
        .contains("there is no set-up " + setup + " in project 'work'; there are []");
    assertThat(export(project, "0").err())
        .contains("there is no set-up 0 in project '" + project + "'; there are [")
        .contains(setup + " (GRADE)");
    assertThat(export(project, "grades").exit()).isEqualTo(2);
    Setups setups = new Setups(server.database().jdbc());
    Long pairs =
        setups
            .make(
                answered.projectId,
                new Question.Pair(),
                1,
                "{}",
                setups.candidates(
                    answered.projectId, TaskKind.PAIR, new Setups.Source(null, null, 2, 1)),
                lead,
                Instant.now())
            .setupId();
    assertThat(export(project, String.valueOf(pairs)).err())
        .contains("set-up " + pairs + " has comparisons, which './workbench judgements export ")
        .doesNotContain("\tat ");
  }

  private CommandProcess.Outcome export(String project, String setup, String... more)
      throws Exception {
    return run(
        Stream.concat(Stream.of("answers", "export", project, setup), Stream.of(more))
            .toArray(String[]::new));
  }
}
