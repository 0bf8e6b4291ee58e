package org.alignmentworkbench.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.select.Elements;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Lists of more than ten thousand rows, over HTTP: what one reaches, and what it costs.
class LongListsIT {
  private static final int ROWS = 10_100;

  /// A text of about ten thousand characters that does not shrink: PostgreSQL keeps it apart from
  /// its row.
  private static final String LONG_TEXT =
      "(select string_agg(md5(x::text || i::text), '') from generate_series(1, 300) i)";

  private static RunningServer server;
  private static JdbcClient jdbc;
  private static TestProject project;
  private static Browser lead;
  private static Browser admin;

  @BeforeAll
  static void fill() {
    server = new RunningServer("--workbench.worker=false");
    jdbc = server.database().jdbc();
    TableReads.prepare(
        server,
        "prompt",
        "response",
        "judgement",
        "run",
        "run_metric",
        "run_log",
        "run_heartbeat",
        "note");
    Person lena = server.person("lena", Role.LEAD);
    server.person("ada", Role.ADMIN);
    lead = server.signedIn("lena");
    admin = server.signedIn("ada");
    project = TestProject.create(jdbc, 60);
    project.makeTasks(jdbc, 2);
    runs();
    prompts();
    notes(lena.id());
    allElse(lena.id());
    fill("insert into audit_event (action, subject) select 'test', x::text from " + series());
    // The planner looks up the ends of an index, and reads their rows until they have been
    // vacuumed.
    jdbc.sql("vacuum analyze").update();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String series() {
    return "generate_series(1, " + ROWS + ") x";
  }

  private static void fill(String sql) {
    jdbc.sql(sql).update();
  }

  /// All but a few failed, in whose message now and then something stands that one looks for.
  private static void runs() {
    fill(
        """
        insert into run (project_id, name, job_name, configuration, seed, code_version, state, detail,
          created_at)
        select %d, 'run ' || x, case when x %% 5 = 0 then 'evaluation' else 'itecRound' end,
          jsonb_build_object('note', %s), 1, 'test',
          case when x %% 20 = 0 then 'COMPLETED' else 'FAILED' end,
          case when x %% 13 = 0 then 'Loss is NaN' else '' end,
          timestamptz '2026-01-01T00:00:00Z' + x * interval '1 hour'
        from %s
        """
            .formatted(project.id(), LONG_TEXT, series()));
    fill(
        """
        insert into run_metric (run_id, series, step, value)
        select id, 'sft/loss', s, 1.0 from run, generate_series(1, 5) s
        """);
    fill(
        """
        insert into run_log (run_id, level, message)
        select id, 'INFO', 'line ' || s from run, generate_series(1, 4) s
        """);
    fill(
        """
        insert into run_heartbeat (run_id, at, process_id, stage, step)
        select id, created_at, 1, 'sft', 5 from run
        """);
  }

  private static void prompts() {
    fill(
        """
        insert into prompt (project_id, key, split, kind, template, text, task)
        select %d, 'long/' || x, 'TRAIN', 'many', 't', 'Prompt ' || x, '{}'
        from %s
        """
            .formatted(project.id(), series()));
    fill("update prompt x set text = " + LONG_TEXT + " where split = 'PREFERENCE'");
    fill("update response x set text = " + LONG_TEXT);
  }

  private static void notes(long personId) {
    fill(
        """
        insert into note (key, project_id, task_id, slot_id, person_id, kind, body, at)
        select gen_random_uuid(), %d, s.task_id, s.id, %d, 'QUESTION', 'Question ' || x, now()
        from (select min(task_id) as task_id, min(id) as id from slot where project_id = %d) s, %s
        """
            .formatted(project.id(), personId, project.id(), series()));
  }

  /// What there is seldom more of than a page shows.
  private static void allElse(long personId) {
    String some = "generate_series(1, 350) x";
    fill("insert into project (name, seed) select 'among many ' || x, x from " + some);
    fill(
        """
        insert into person (username, display_name, role, active)
        select 'p' || x, 'Person ' || x, 'ANNOTATOR', x %% 3 > 0 from %s
        """
            .formatted(some));
    fill(
        """
        insert into invitation (token_hash, for_whom, role, invited_by, created_at, expires_at)
        select encode(sha256(x::text::bytea), 'hex'), 'somebody', 'ANNOTATOR', %d, now(),
          now() + interval '1 day'
        from %s
        """
            .formatted(personId, some));
    fill(
        """
        insert into artifact (sha256, kind, bytes, folder)
        values (repeat('5', 64), 'EXPORT', 1, false)
        """);
    fill(
        """
        insert into model (project_id, name, kind, artifact_sha256)
        select %d, 'model ' || x, 'ADAPTER', repeat('5', 64) from %s
        """
            .formatted(project.id(), some));
    fill(
        """
        insert into dataset (project_id, name, kind, artifact_sha256, row_count)
        select %d, 'rows ' || x, 'PROMPTS', repeat('5', 64), 1 from %s
        """
            .formatted(project.id(), some));
    fill(
        """
        insert into judgement_export (project_id, format, artifact_sha256, judged, skipped)
        select %d, 'csv', repeat('5', 64), x, 0 from %s
        """
            .formatted(project.id(), some));
    fill(
        """
        insert into judgement_import (project_id, file_name, file_sha256, purpose, overlap, strength,
          dry_run, state, fault)
        select %d, 'file ' || x, repeat('5', 64), 'PAIRS', 1, 1, false, 'REFUSED', 'empty' from %s
        """
            .formatted(project.id(), some));
  }

  private static Document page(Browser browser, String path) {
    var answer = browser.get(path);
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return Jsoup.parse(answer.body());
  }

  private static List<String> rows(Document page, String link) {
    return page.select("tbody tr").select(link).eachAttr("href").stream()
        .map(href -> href.substring(href.lastIndexOf('/') + 1))
        .toList();
  }

  private static String href(Document page, String rel) {
    return page.select("a[rel=" + rel + "]").attr("href");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "/projects/{p}/runs?state=FAILED"
            + "|select id from run where state = 'FAILED' order by id desc",
        "/runs?job=itecRound&text=nan&from=2026-01-02&to=2028-12-31"
            + "|select id from run where job_name = 'itecRound' and detail = 'Loss is NaN'"
            + " and created_at >= '2026-01-02' order by id desc",
        "/projects/{p}/prompts?split=TRAIN&kind=many"
            + "|select id from prompt where kind = 'many' order by id",
        "/projects/{p}/notes?state=OPEN&kind=QUESTION|select id from note order by id desc",
      })
  void every_depth_is_reached_by_a_lists_own_links_with_no_row_twice_and_none_left_out(
      String list, String expected) {
    String path = list.replace("{p}", String.valueOf(project.id()));
    String link = "th a[href~=/(runs|prompts|notes)/\\d+$]";
    List<String> seen = new ArrayList<>();
    String next = path;
    while (!next.isEmpty()) {
      Document page = page(lead, next);
      seen.addAll(rows(page, link));
      next = href(page, "next");
    }
    List<String> all = jdbc.sql(expected).query(String.class).list();
    assertThat(all).hasSizeGreaterThan(500);
    assertThat(new HashSet<>(seen)).hasSameSizeAs(seen);
    assertThat(seen).isEqualTo(all);
  }

  /// Lists two of which may stand on one page, each with its own way on.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "/projects|main|th a|select name from project order by id desc",
        "/invitations|main|th[scope=row]|select id from invitation order by id desc",
        "/admin/people|main|td.mono"
            + "|select username from person where not scripted order by not active, username",
        "/projects/{p}/models|.card:has(#models-title)|th a[href~=lineage]"
            + "|select name from model where project_id = {p} order by id desc",
        "/projects/{p}/models|#datasets|th a[href~=lineage]"
            + "|select name from dataset where project_id = {p} order by id desc",
        "/projects/{p}/judgements|#exports|td a[href~=/file$]"
            + "|select id from judgement_export order by id desc",
        "/projects/{p}/judgements|#imports|th[scope=row]"
            + "|select file_name from judgement_import order by id desc",
      })
  void a_list_of_anything_is_walked_to_its_end(
      String list, String part, String cells, String expected) {
    String here = String.valueOf(project.id());
    List<String> seen = new ArrayList<>();
    String next = list.replace("{p}", here);
    while (!next.isEmpty()) {
      Elements shown = page(admin, next).select(part);
      shown
          .select("tbody")
          .select(cells)
          .forEach(cell ->
              seen.add(
                  cell.attr("href").endsWith("/file")
                      ? cell.attr("href").replaceAll("\\D+(\\d+)\\D+(\\d+)\\D+", "$2")
                      : cell.text()));
      next = shown.select("a[rel=next]").attr("href");
    }
    assertThat(seen)
        .hasSizeGreaterThanOrEqualTo(350)
        .isEqualTo(jdbc.sql(expected.replace("{p}", here)).query(String.class).list());
  }

  @Test
  void the_way_back_from_the_last_page_shows_the_same_rows() {
    String last = "/runs?state=COMPLETED&before=2000";
    List<String> seen = new ArrayList<>();
    String previous = last;
    while (!previous.isEmpty()) {
      Document page = page(lead, previous);
      seen.addAll(0, rows(page, "th a"));
      previous = href(page, "prev");
    }
    List<String> all =
        jdbc.sql("select id from run where state = 'COMPLETED' order by id desc")
            .query(String.class)
            .list();
    assertThat(new HashSet<>(seen)).hasSameSizeAs(seen);
    assertThat(all).startsWith(seen.toArray(String[]::new)).hasSizeLessThan(seen.size() + 101);
  }

  @Test
  void the_trail_is_walked_to_its_first_entry() {
    int seen = 0;
    String next = "/admin/audit";
    String first = "";
    while (!next.isEmpty()) {
      Document page = page(admin, next);
      seen += page.select("tbody tr").size();
      first = page.select("tbody tr").last().text();
      next = href(page, "next");
    }
    assertThat(seen).isGreaterThanOrEqualTo(ROWS);
    // The first thing that was ever done here.
    assertThat(first).contains("added a person", "lena");
  }

  @Test
  void a_page_past_the_end_is_an_empty_page() {
    assertThat(rows(page(lead, "/runs?before=1"), "th a")).isEmpty();
    assertThat(rows(page(lead, "/projects/" + project.id() + "/prompts?after=999999999"), "th a"))
        .isEmpty();
    assertThat(page(admin, "/admin/audit?before=1").select("tbody tr")).isEmpty();
  }

  @Test
  void a_list_of_many_runs_reads_no_curve_no_settings_and_the_last_words_of_those_it_shows() {
    for (String path :
        List.of(
            "/runs",
            "/projects/" + project.id() + "/runs",
            "/runs?state=COMPLETED&before=9000",
            "/runs?text=nan&job=evaluation",
            "/projects/" + project.id(),
            "/projects")) {
      TableReads reads = TableReads.during(server, () -> page(lead, path));
      assertThat(reads.rows("run_metric")).as(path).isZero();
      assertThat(reads.texts("run")).as(path).isZero();
      // 40 are shown and one more tells that there are others; a log is read backwards to the
      // first line that tells something.
      assertThat(reads.rows("run_log")).as(path).isLessThanOrEqualTo(2 * 41);
      assertThat(reads.rows("run_heartbeat")).as(path).isLessThanOrEqualTo(41);
      assertThat(reads.rows("checkpoint")).as(path).isZero();
      assertThat(reads.rows("batch_step_execution")).as(path).isZero();
    }
    TableReads one = TableReads.during(server, () -> page(lead, "/runs/17"));
    assertThat(one.texts("run")).as("the settings are long").isPositive();
    assertThat(one.rows("run_metric")).isPositive();
  }

  @Test
  void what_counts_reads_no_text_of_prompts_and_answers_and_a_list_only_rows_it_shows() {
    String here = "/projects/" + project.id();
    for (String path :
        List.of(
            "/projects",
            here,
            here + "/labelling",
            here + "/adjudication",
            here + "/quality",
            here + "/judgements",
            here + "/models",
            "/label",
            "/admin")) {
      TableReads reads = TableReads.during(server, () -> page(admin, path));
      assertThat(reads.texts("prompt", "response")).as(path).isZero();
    }
    TableReads list = TableReads.during(server, () -> page(lead, here + "/prompts"));
    assertThat(list.rows("prompt")).isLessThanOrEqualTo(41);
    TableReads texts =
        TableReads.during(server, () -> page(lead, here + "/prompts?split=PREFERENCE"));
    assertThat(texts.texts("prompt")).as("a list of prompts shows how they begin").isPositive();
  }
}
