package org.alignmentworkbench.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.SeededProject;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.run.Metric;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class CompareIT {
  @AutoClose
  private static final RunningServer SERVER = new RunningServer("--workbench.worker=false");

  private static SeededProject project;
  private static Browser viewer;

  @BeforeAll
  static void seed() {
    project = new SeededProject(SERVER);
    SERVER.person("vera", Role.VIEWER);
    viewer = SERVER.signedIn("vera");
  }

  private static String address(long... runs) {
    StringBuilder address = new StringBuilder("/projects/" + project.projectId + "/runs/compare?");
    for (long run : runs) {
      address.append("run=").append(run).append('&');
    }
    return address.toString();
  }

  private static Run descent(String name, String settings, long seed) {
    return SERVER
        .bean(RunQueue.class)
        .enqueue(project.projectId, name, "mirrorDescentRlhf", settings, seed);
  }

  @Test
  void settings_that_differ_stand_side_by_side_and_the_rest_is_folded_away() {
    Run first = descent("first", "{}", 1);
    Run second = descent("second", "{\"training\":{\"gamma\":0.4,\"beta\":0.05}}", 2);
    Document page = Jsoup.parse(viewer.get(address(first.id(), second.id())).body());
    List<String> rows = page.select("section[aria-labelledby=differing-title] tbody tr").eachText();
    assertThat(rows).containsExactly("Seed 1 2", "Training · Gamma 0.1 0.4");
    assertThat(page.select("section[aria-labelledby=differing-title] details").text())
        .contains("Training · Beta 0.05")
        .contains("Code version");
    assertThat(page.select("#compared a").eachText()).containsExactly("first", "second");
  }

  @Test
  void curves_of_one_series_share_a_plot() {
    Run first = descent("curves 1", "{}", 1);
    Run second = descent("curves 2", "{}", 1);
    RunRepository runs = SERVER.bean(RunRepository.class);
    runs.metrics(first.id(), List.of(new Metric("mdloo/reward", 1, .5)));
    runs.metrics(
        second.id(), List.of(new Metric("mdloo/reward", 1, .6), new Metric("alone/loss", 1, .7)));
    Document page = Jsoup.parse(viewer.get(address(first.id(), second.id())).body());
    assertThat(page.select("#plots figure").eachAttr("data-series"))
        .containsExactly("mdloo/reward", "alone/loss");
    assertThat(page.select("#plots details[open] .plot-stage-title").eachText())
        .containsExactly("Mirror descent");
  }

  @Test
  void what_runs_came_to_has_n_interval_and_the_paired_difference() {
    JdbcClient jdbc = SERVER.database().jdbc();
    long before = evaluation("sft", project.finishedRun);
    long after = evaluation("mdloo", project.failedRun);
    // Counted apart from the page's own code: prompts that only one of the two passed.
    double difference =
        jdbc.sql(
                """
                select (count(*) filter (where b.passed and not a.passed)
                  - count(*) filter (where a.passed and not b.passed))::float8 / count(*)
                from evaluation_item a
                join evaluation_item b on b.prompt_id = a.prompt_id
                where a.evaluation_id = :before
                  and b.evaluation_id = :after
                """)
            .param("before", before)
            .param("after", after)
            .query(Double.class)
            .single();
    assertThat(difference).isPositive();
    Document page = Jsoup.parse(viewer.get(address(project.finishedRun, project.failedRun)).body());
    var rows = page.select("section[aria-labelledby=outcomes-title] tbody tr");
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).text()).startsWith("itec-1 sft 500").contains("the first");
    assertThat(rows.get(1).text())
        .startsWith("mdloo-try mdloo 500")
        .contains(String.format(Locale.ROOT, "%+.1f", 100 * difference))
        .containsPattern("\\+[0-9.]+ to \\+[0-9.]+")
        .containsPattern("[0-9.]+ – [0-9.]+ %");
  }

  private static long evaluation(String stage, long runId) {
    return SERVER
        .database()
        .jdbc()
        .sql("update evaluation set run_id = :r where stage = :s returning id")
        .param("r", runId)
        .param("s", stage)
        .query(Long.class)
        .single();
  }

  @Test
  void two_to_four_runs_of_the_project_can_be_compared() {
    HttpResponse<String> one = viewer.get(address(project.finishedRun));
    assertThat(one.statusCode()).isEqualTo(302);
    assertThat(viewer.get(Browser.location(one).replaceFirst("https?://[^/]+", "")).body())
        .contains("Choose two to four runs to compare.");
    assertThat(viewer.get(address(1, 2, 3, 4, 5)).statusCode()).isEqualTo(302);
    // The same one twice is one.
    assertThat(viewer.get(address(project.finishedRun, project.finishedRun)).statusCode())
        .isEqualTo(302);
    long elsewhere = SERVER.bean(ProjectRepository.class).create("elsewhere", 1, "{}").id();
    Run foreign = SERVER.bean(RunQueue.class).enqueue(elsewhere, "foreign", "evaluation", "{}", 1);
    assertThat(viewer.get(address(project.finishedRun, foreign.id())).statusCode()).isEqualTo(404);
  }
}
