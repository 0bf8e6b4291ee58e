package org.alignmentworkbench.app.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.SeededProject;
import org.alignmentworkbench.db.person.Role;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class EvaluationTableIT {
  @AutoClose
  private static final RunningServer SERVER = new RunningServer("--workbench.worker=false");

  private static SeededProject project;
  private static Browser viewer;

  @BeforeAll
  static void seed() {
    project = new SeededProject(SERVER);
    SERVER.person("vera", Role.VIEWER);
    viewer = SERVER.signedIn("vera");
    JdbcClient jdbc = SERVER.database().jdbc();
    // The seeded project's models in the order in which they were made: base, sft, reward-1,
    // itec-1,
    // itec-1-3.5bit. `base` is measured last here, as the demo does.
    jdbc.sql("delete from evaluation_item").update();
    jdbc.sql("delete from evaluation where stage not in ('sft', 'sft-more', 'itec-1', 'base')")
        .update();
    model(jdbc, "sft", "sft", "base");
    model(jdbc, "itec-1", "itec-1", "sft");
    model(jdbc, "base", "base", null);
    model(jdbc, "sft-more", "itec-1-3.5bit", "sft");
    // 4 held-out prompts: base passes 1, sft 2 (one of them base's), itec-1 3, the control 2.
    passes(jdbc, "base", "1000");
    passes(jdbc, "sft", "1100");
    passes(jdbc, "itec-1", "1110");
    passes(jdbc, "sft-more", "0110");
  }

  private static void model(JdbcClient jdbc, String stage, String model, String base) {
    jdbc.sql(
            """
            update evaluation
            set model_id = (select id from model where name = :model)
            where stage = :stage
            """)
        .param("model", model)
        .param("stage", stage)
        .update();
    jdbc.sql(
            """
            update model
            set base_model_id = (select id from model where name = :base)
            where name = :model
            """)
        .param("model", model)
        .param("base", base)
        .update();
  }

  private static void passes(JdbcClient jdbc, String stage, String passed) {
    jdbc.sql(
            """
            insert into evaluation_item (evaluation_id, prompt_id, text, passed, checks, utility,
              tokens)
            select (select id from evaluation where stage = :stage), p.id, 'answer',
              substr(:passed, p.n::int, 1) = '1', '[]', 0.5, 3
            from (
              select id, row_number() over (order by id) as n
              from prompt
              where split = 'HELD_OUT'
              order by id
              limit 4) p
            """)
        .param("stage", stage)
        .param("passed", passed)
        .update();
  }

  private static Document table(String query) {
    return Jsoup.parse(
        viewer.get("/projects/" + project.projectId + "/evaluations" + query).body());
  }

  private static String cell(Document page, String stage, String label) {
    Element row =
        page.select("tbody tr").stream()
            .filter(each -> each.selectFirst("th a").text().equals(stage))
            .findFirst()
            .orElseThrow();
    return row.select("td[data-label='" + label + "']").text();
  }

  @Test
  void stages_stand_in_the_order_of_their_models_however_late_they_were_measured() {
    assertThat(table("").select("tbody th a").eachText())
        .containsExactly("base", "sft", "itec-1", "sft-more");
  }

  @Test
  void a_stage_is_compared_with_the_model_it_was_made_from() {
    Document page = table("");
    assertThat(cell(page, "itec-1", "n")).isEqualTo("4");
    // 3 of 4 less 2 of 4, in percentage points.
    assertThat(cell(page, "itec-1", "To its start")).startsWith("+25.0 ").endsWith("to sft");
    assertThat(cell(page, "sft", "To its start")).startsWith("+25.0 ").endsWith("to base");
    assertThat(cell(page, "base", "To its start")).isEqualTo("– start not evaluated");
    assertThat(cell(page, "base", "To SFT")).startsWith("−25.0 ");
  }

  @Test
  void every_stage_is_compared_with_the_control_too_or_with_any_other_one() {
    Document page = table("");
    // itec-1 passes prompts 1, 2 and 3, the control 2 and 3.
    assertThat(cell(page, "itec-1", "To sft-more")).startsWith("+25.0 ");
    assertThat(cell(page, "sft-more", "To sft-more")).isEqualTo("–");
    Document toBase = table("?to=base");
    assertThat(cell(toBase, "itec-1", "To base")).startsWith("+50.0 ");
    assertThat(toBase.select(".choices a[aria-current]").text()).isEqualTo("base");
  }

  @Test
  void the_page_of_a_stage_has_all_paired_differences_with_what_was_gained_and_lost() {
    String href =
        table("").select("tbody th a").stream()
            .filter(link -> link.text().equals("itec-1"))
            .findFirst()
            .orElseThrow()
            .attr("href");
    Document page = Jsoup.parse(viewer.get(href).body());
    assertThat(page.select("details tbody tr").eachText())
        .anySatisfy(row -> assertThat(row).startsWith("sft-more +25.0 ").endsWith(" 1 0 4"))
        .anySatisfy(row -> assertThat(row).startsWith("base +50.0 ").endsWith(" 2 0 4"));
  }
}
