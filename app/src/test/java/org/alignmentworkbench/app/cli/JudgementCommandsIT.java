package org.alignmentworkbench.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.task.Withdrawals;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/// `judgements import` and `export` beside a server that runs on the same data folder.
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
    long judgement =
        server.database().jdbc().sql("select id from judgement").query(Long.class).single();
    assertThat(
            new Withdrawals(server.database().jdbc(), server.bean(TransactionTemplate.class))
                .withdraw(
                    project.id(),
                    judgement,
                    "left out by a test",
                    server.person("lea", Role.LEAD).id(),
                    Instant.now()))
        .isTrue();
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
    assertThat(
            HexFormat.of()
                .formatHex(
                    MessageDigest.getInstance("SHA-256")
                        .digest(Files.readAllBytes(home.resolve("out.csv")))))
        .isEqualTo(out.path("sha256").asString());
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
}
