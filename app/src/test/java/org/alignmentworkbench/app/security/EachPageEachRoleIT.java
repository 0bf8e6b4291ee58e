package org.alignmentworkbench.app.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.Routes;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.SeededProject;
import org.alignmentworkbench.app.token.ReadableProject;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.ClaimedSlot;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.alignmentworkbench.db.task.SubmitOutcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPatternParser;

/// Each page as each role sees it: every form and every link on it leads where that role may go, so
/// nobody is offered what is refused.
class EachPageEachRoleIT {
  private static final Pattern FORM = Pattern.compile("<form\\b[^>]*>");
  private static final Pattern LINK = Pattern.compile("<a\\b[^>]*\\shref=\"(/[^\"]*)\"");
  private static final Pattern ACTION = Pattern.compile("\\saction=\"(/[^\"]*)\"");

  private static RunningServer server;
  private static SeededProject seeded;
  private static List<Routes.Call> pages;

  @BeforeAll
  static void start() throws IOException {
    server = new RunningServer("--workbench.worker=false");
    seeded = new SeededProject(server);
    pages =
        new Routes(server, seeded, new ReadableProject(server))
            .all(0).stream()
                .filter(Routes.Call::get)
                .filter(call -> !call.path().startsWith("/local/"))
                .toList();
    for (Role role : Role.values()) {
      server.person(role.name().toLowerCase(Locale.ROOT), role);
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static boolean may(HttpMethod method, String address, Role role) {
    PathContainer path = PathContainer.parsePath(address.replaceAll("[?#].*", ""));
    return Rules.table().stream()
        .filter(rule -> rule.method() == null || rule.method().equals(method))
        .filter(rule -> PathPatternParser.defaultInstance.parse(rule.pattern()).matches(path))
        .findFirst()
        .map(rule -> rule.open() || rule.roles().contains(role))
        .orElse(false);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void every_form_and_link_leads_where_the_role_may_go(Role role) {
    Browser browser = server.signedIn(role.name().toLowerCase(Locale.ROOT));
    TreeSet<String> wrong = new TreeSet<>();
    int looked = 0;
    for (Routes.Call page : pages) {
      var answer = browser.get(page.path());
      boolean html = answer.headers().firstValue("Content-Type").orElse("").startsWith("text/html");
      if (answer.statusCode() != 200 || !html) {
        continue;
      }
      looked++;
      Matcher forms = FORM.matcher(answer.body());
      while (forms.find()) {
        HttpMethod method =
            forms.group().contains("method=\"post\"") ? HttpMethod.POST : HttpMethod.GET;
        Matcher action = ACTION.matcher(forms.group());
        if (action.find() && !may(method, action.group(1), role)) {
          wrong.add(page.path() + " has a form to " + method + " " + action.group(1));
        }
      }
      Matcher links = LINK.matcher(answer.body());
      while (links.find()) {
        if (!may(HttpMethod.GET, links.group(1), role)) {
          wrong.add(page.path() + " leads to " + links.group(1));
        }
      }
    }
    assertThat(looked).as("pages of role " + role).isGreaterThan(role == Role.ANNOTATOR ? 3 : 15);
    assertThat(wrong).isEmpty();
  }

  @Test
  void whoever_only_looks_is_offered_no_change_but_of_their_own_account() {
    Browser viewer = server.signedIn("viewer");
    TreeSet<String> actions = new TreeSet<>();
    for (Routes.Call page : pages) {
      Matcher forms = FORM.matcher(viewer.get(page.path()).body());
      while (forms.find()) {
        Matcher action = ACTION.matcher(forms.group());
        if (forms.group().contains("method=\"post\"") && action.find()) {
          actions.add(action.group(1));
        }
      }
    }
    assertThat(actions)
        .contains("/sign-out")
        .allMatch(action ->
            action.startsWith("/sign-")
                || action.startsWith("/account/")
                || action.equals("/language"));
  }

  @Test
  void whoever_only_looks_changes_nothing_by_hand_either() {
    Browser viewer = server.signedIn("viewer");
    String csrf = viewer.csrf("/account/password");
    List<String> before = counts();
    List<String> wrong = new ArrayList<>();
    for (Rules.Rule rule : Rules.table()) {
      boolean own =
          rule.open()
              || rule.pattern().equals("/sign-out")
              || rule.pattern().startsWith("/account");
      if (own || rule.method() != null) {
        continue;
      }
      String path = rule.pattern().replace("/**", "").replace("*", "1");
      int status = viewer.post(path, Map.of("x", "y"), csrf).statusCode();
      if (rule.roles().contains(Role.VIEWER) ? status < 400 : status != 404) {
        wrong.add(path + " gave " + status);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(counts()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(value = Role.class, names = "ANNOTATOR", mode = EnumSource.Mode.EXCLUDE)
  void looking_at_work_while_it_is_done_changes_nothing_of_it(Role role) {
    String name = "at work while " + role;
    Person judge = server.person(name.replace(' ', '-').toLowerCase(Locale.ROOT), Role.ANNOTATOR);
    Instant now = Instant.now();
    Queue queue = server.bean(Queue.class);
    ClaimedSlot held =
        ((Claim.Claimed) queue.claim(seeded.projectId, judge.id(), now, Duration.ofHours(1)))
            .slot();
    queue.saveDraft(
        held.slotId(), judge.id(), "{\"strength\":-2}", now, now.plus(Duration.ofHours(1)));
    long task =
        server
            .database()
            .jdbc()
            .sql("select task_id from slot where id = :id")
            .param("id", held.slotId())
            .query(Long.class)
            .single();
    Browser browser = server.signedIn(role.name().toLowerCase(Locale.ROOT));
    String root = "/projects/" + seeded.projectId;
    List<String> rooms = new ArrayList<>(pages.stream().map(Routes.Call::path).toList());
    // A desk of one's own hands out work, to whoever opens it.
    rooms.removeIf(path -> path.startsWith("/label"));
    rooms.add(root + "/quality/comparisons/" + task);
    rooms.add(root + "/adjudication/" + task);
    List<String> before = work();
    for (String room : rooms) {
      browser.get(room);
      assertThat(work()).as(room).isEqualTo(before);
    }
    Grades grades = new Grades(1, 1, 1, 1);
    assertThat(
            queue.submit(
                new Submission(
                    held.slotId(),
                    judge.id(),
                    UUID.randomUUID(),
                    -2,
                    grades,
                    grades,
                    "",
                    900,
                    0,
                    false),
                Instant.now()))
        .isInstanceOf(SubmitOutcome.Accepted.class);
    assertThat(work()).as("what changes is seen").isNotEqualTo(before);
  }

  /// Everything that work consists of, to the last lease and time.
  private static List<String> work() {
    return Stream.of(
            "task",
            "slot",
            "judgement",
            "draft",
            "skip",
            "last_act",
            "work_count",
            "judging_count",
            "adjudication",
            "withdrawn_judgement",
            "note")
        .map(table ->
            table
                + " "
                + server
                    .database()
                    .jdbc()
                    .sql(
                        "select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from %s t"
                            .formatted(table))
                    .query(String.class)
                    .single())
        .toList();
  }

  /// How many rows each table has, but for those that a request itself writes.
  private static List<String> counts() {
    return server
        .database()
        .jdbc()
        .sql(
            """
            select table_name || ' ' || (xpath('/row/c/text()', query_to_xml(
              'select count(*) as c from ' || table_name, false, true, '')))[1]::text
            from information_schema.tables
            where table_schema = 'public'
              and table_type = 'BASE TABLE'
              and table_name not like 'spring_session%'
              and table_name <> 'audit_event'
            order by table_name
            """)
        .query(String.class)
        .list();
  }
}
