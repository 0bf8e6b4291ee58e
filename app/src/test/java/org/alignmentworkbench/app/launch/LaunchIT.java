package org.alignmentworkbench.app.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.audit.AuditEvent;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.model.NewModel;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.run.NewRun;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.alignmentworkbench.rlhf.job.Stores;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// New runs over HTTP as an engineer sends them, without JavaScript.
class LaunchIT {
  @AutoClose
  private static final RunningServer SERVER = new RunningServer("--workbench.worker=false");

  private static Browser engineer;
  private static int projects;

  private Project project;
  private Stores stores;

  @BeforeAll
  static void people() {
    SERVER.person("enno", Role.ENGINEER);
    SERVER.person("vera", Role.VIEWER);
    engineer = SERVER.signedIn("enno");
  }

  @BeforeEach
  void project() {
    stores = SERVER.bean(Stores.class);
    project = SERVER.bean(ProjectRepository.class).create("launch " + ++projects, 17, "{}");
  }

  private String address() {
    return "/projects/" + project.id() + "/runs/new";
  }

  private Document form(String query) {
    HttpResponse<String> answer = engineer.get(address() + query);
    assertThat(answer.statusCode()).isEqualTo(200);
    return Jsoup.parse(answer.body());
  }

  /// Everything the form would send as it stands.
  private static Map<String, String> fields(Document page) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (Element field : page.select("form.launch [name]")) {
      boolean box = field.attr("type").equals("checkbox");
      if (box ? field.hasAttr("checked") : !field.tagName().equals("button")) {
        Element chosen = field.selectFirst("option[selected]");
        // Boxes of one name come after a hidden field that stands for none of them.
        fields.merge(
            field.attr("name"),
            chosen == null ? field.val() : chosen.val(),
            (before, now) -> before.isEmpty() || before.equals("false") ? now : before + "," + now);
      }
    }
    fields.remove("_csrf");
    return fields;
  }

  private HttpResponse<String> send(Map<String, String> fields) {
    return engineer.post(address(), fields, engineer.csrf("/account/password"));
  }

  private static String faultOf(Document page, String name) {
    Element field = page.getElementById(name);
    assertThat(field).as(name).isNotNull();
    assertThat(field.attr("aria-invalid")).as(name).isEqualTo("true");
    return page.getElementById(field.attr("aria-describedby")).select(".error").text();
  }

  private Run only() {
    List<Run> runs = stores.runs().ofProject(project.id());
    assertThat(runs).hasSize(1);
    return runs.getFirst();
  }

  @Test
  void every_job_is_offered_and_every_setting_of_it_is_in_the_form_with_its_default() {
    List<String> offered =
        form("").select(".job-choices a").stream()
            .map(link -> link.attr("href").replaceAll(".*job=", ""))
            .toList();
    assertThat(offered).containsExactlyInAnyOrderElementsOf(SERVER.bean(RunQueue.class).jobNames());
    for (String job : offered) {
      Document page = form("?job=" + job);
      Map<String, String> fields = fields(page);
      assertThat(send(fields).statusCode()).as(job).isEqualTo(302);
      Run run = stores.runs().findByName(project.id(), fields.get("name")).orElseThrow();
      assertThat(run.jobName()).isEqualTo(job);
      assertThat(run.seed()).isEqualTo(17);
      String defaults =
          JsonMapper.shared()
              .writeValueAsString(SERVER.bean(RunQueue.class).defaults(job).orElseThrow());
      assertThat(tree(run)).as(job).isEqualTo(JsonMapper.shared().readTree(defaults));
    }
  }

  private static JsonNode tree(Run run) {
    return JsonMapper.shared().readTree(run.configuration());
  }

  @Test
  void what_is_typed_becomes_the_run_with_its_audit_row() {
    Map<String, String> fields = fields(form("?job=mirrorDescentRlhf"));
    fields.put("name", "descent with a small step");
    fields.put("seed", "-5");
    fields.put("s.result", "small-step");
    fields.put("s.training.optimizer.learningRate", "2e-5");
    fields.put("s.training.iterations", "7");
    HttpResponse<String> answer = send(fields);
    assertThat(answer.statusCode()).isEqualTo(302);
    Run run = only();
    assertThat(Browser.location(answer)).endsWith("/runs/" + run.id());
    assertThat(run.name()).isEqualTo("descent with a small step");
    assertThat(run.seed()).isEqualTo(-5);
    assertThat(run.state()).isEqualTo(RunState.QUEUED);
    assertThat(tree(run).at("/training/optimizer/learningRate").asDouble()).isEqualTo(2e-5);
    assertThat(tree(run).at("/training/iterations").asInt()).isEqualTo(7);
    assertThat(tree(run).at("/training/beta").asDouble()).isEqualTo(0.05);
    AuditEvent event = SERVER.bean(AuditRepository.class).latest(1).getFirst();
    assertThat(event.action()).isEqualTo("run.queue");
    assertThat(event.username()).isEqualTo("enno");
    assertThat(event.subject()).isEqualTo("run " + run.id());
    assertThat(event.detail()).contains("mirrorDescentRlhf").contains("descent with a small step");
  }

  @Test
  void refused_values_come_back_beside_their_fields_with_what_was_typed() {
    Map<String, String> fields = fields(form("?job=mirrorDescentRlhf"));
    fields.put("name", " ");
    fields.put("seed", "one");
    fields.put("s.training.optimizer.learningRate", "fast");
    fields.put("s.training.samplesPerPrompt", "1");
    fields.put("s.prompts", "321");
    HttpResponse<String> answer = send(fields);
    assertThat(answer.statusCode()).isEqualTo(422);
    Document page = Jsoup.parse(answer.body());
    assertThat(faultOf(page, "name")).contains("1 to 120 characters");
    assertThat(faultOf(page, "seed")).isEqualTo("must be a whole number, was one");
    assertThat(faultOf(page, "s.training.optimizer.learningRate"))
        .isEqualTo("must be a number, was 'fast'");
    assertThat(faultOf(page, "s.training.samplesPerPrompt")).isEqualTo("must be >= 2, was '1'");
    assertThat(page.getElementById("s.training.optimizer.learningRate").val()).isEqualTo("fast");
    assertThat(page.getElementById("s.prompts").val()).isEqualTo("321");
    // What is to be put right is not folded away.
    assertThat(
            page.getElementById("s.training.samplesPerPrompt").closest("details").hasAttr("open"))
        .isTrue();
    assertThat(stores.runs().ofProject(project.id())).isEmpty();
  }

  @Test
  void a_rule_between_two_settings_is_told_beside_the_one_it_names() {
    Map<String, String> fields = fields(form("?job=itecRound"));
    fields.put("s.members.prompts", "100");
    Document page = Jsoup.parse(send(fields).body());
    assertThat(faultOf(page, "s.electionPrompts"))
        .isEqualTo("electionPrompts must be in 1..members.prompts, was 150");
    assertThat(stores.runs().ofProject(project.id())).isEmpty();
  }

  @Test
  void an_unknown_setting_comes_back_by_name_and_can_be_left_out() {
    Map<String, String> fields = fields(form("?job=evaluation"));
    fields.put("s.sampling.topK", "40");
    HttpResponse<String> answer = send(fields);
    assertThat(answer.statusCode()).isEqualTo(422);
    Document page = Jsoup.parse(answer.body());
    assertThat(page.select(".error").text()).contains("There is no setting sampling.topK.");
    assertThat(page.getElementById("s.sampling.topK").val()).isEqualTo("40");
    fields.put("s.sampling.topK", "");
    assertThat(send(fields).statusCode()).isEqualTo(302);
  }

  @Test
  void a_box_that_is_not_ticked_is_off() {
    Map<String, String> fields = fields(form("?job=itecRound"));
    assertThat(fields).containsEntry("s.unfilteredStudent", "true");
    fields.put("s.unfilteredStudent", "false");
    send(fields);
    assertThat(tree(only()).path("unfilteredStudent").asBoolean()).isFalse();
  }

  @Test
  void a_name_is_given_once() {
    Map<String, String> fields = fields(form("?job=evaluation"));
    fields.put("name", "twice");
    assertThat(send(fields).statusCode()).isEqualTo(302);
    HttpResponse<String> again = send(fields);
    assertThat(again.statusCode()).isEqualTo(422);
    assertThat(faultOf(Jsoup.parse(again.body()), "name"))
        .isEqualTo("A run of this project has this name.");
  }

  @Test
  void a_model_that_is_there_or_on_its_way_is_not_made_again() throws Exception {
    register("mdloo");
    Map<String, String> fields = fields(form("?job=mirrorDescentRlhf"));
    // The form itself begins with a name that is free.
    assertThat(fields).containsEntry("s.result", "mdloo-2");
    fields.put("s.result", "mdloo");
    assertThat(faultOf(Jsoup.parse(send(fields).body()), "s.result"))
        .isEqualTo("the project already has a model mdloo");
    fields.put("s.result", "mdloo-2");
    fields.put("name", "first");
    assertThat(send(fields).statusCode()).isEqualTo(302);
    fields.put("name", "second");
    assertThat(faultOf(Jsoup.parse(send(fields).body()), "s.result"))
        .isEqualTo("run first is going to make a model mdloo-2");
  }

  @Test
  void a_round_whose_number_is_taken_is_refused_beside_its_number() throws Exception {
    register("itec-1/dpo");
    Map<String, String> fields = fields(form("?job=itecRound"));
    assertThat(fields).containsEntry("s.round", "2");
    fields.put("s.round", "1");
    assertThat(faultOf(Jsoup.parse(send(fields).body()), "s.round"))
        .isEqualTo("the project already has a model itec-1/dpo");
  }

  private void register(String name) throws Exception {
    java.nio.file.Path folder = stores.artifacts().temporary();
    java.nio.file.Files.writeString(folder.resolve("file"), name + project.id());
    String sha256 = stores.artifacts().adopt(Artifact.Kind.MODEL, folder).sha256();
    stores
        .models()
        .register(new NewModel(project.id(), name, Model.Kind.POLICY, sha256, null, null, "{}"));
  }

  private Run finished(String configuration) {
    RunRepository runs = stores.runs();
    Run run =
        runs.create(
            new NewRun(project.id(), "mdloo", "mirrorDescentRlhf", configuration, 99, "test", "x"));
    runs.change(run.id(), RunState.RUNNING, "");
    runs.change(run.id(), RunState.COMPLETED, "");
    return run;
  }

  @Test
  void a_finished_run_fills_the_form_of_the_next_one() {
    String configuration =
        SERVER
            .bean(RunQueue.class)
            .enqueue(
                project.id(), "source", "mirrorDescentRlhf", "{\"training\":{\"gamma\":0.25}}", 1)
            .configuration();
    Run run = finished(configuration);
    Document offer = Jsoup.parse(engineer.get("/runs/" + run.id()).body());
    String href = offer.select("a[href*='from=']").attr("href");
    assertThat(href).isEqualTo(address() + "?from=" + run.id());
    Document page = form("?from=" + run.id());
    Map<String, String> fields = fields(page);
    assertThat(fields)
        .containsEntry("name", "mdloo again")
        .containsEntry("seed", "99")
        .containsEntry("s.training.gamma", "0.25")
        .containsEntry("s.training.beta", "0.05");
    // A viewer is not offered what would be refused.
    assertThat(SERVER.signedIn("vera").get("/runs/" + run.id()).body()).doesNotContain("from=");
  }

  @Test
  void a_run_of_another_project_does_not_fill_the_form() {
    Run run = finished("{}");
    project = SERVER.bean(ProjectRepository.class).create("other " + ++projects, 1, "{}");
    assertThat(engineer.get(address() + "?from=" + run.id()).statusCode()).isEqualTo(404);
    assertThat(engineer.get(address() + "?job=nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void settings_as_yaml_go_out_and_come_in_again() {
    String set = "{\"committee\":[\"sft\",\"a: b\"],\"pairs\":{\"overlap\":3},\"seats\":5}";
    Run run = SERVER.bean(RunQueue.class).enqueue(project.id(), "yaml", "itecRound", set, 4);
    HttpResponse<String> file = engineer.get("/runs/" + run.id() + "/settings.yaml");
    assertThat(file.headers().firstValue("Content-Disposition").orElse("")).contains("attachment");
    assertThat(file.body())
        .startsWith("# Settings of run yaml; ./workbench run itecRound --file")
        .contains("  overlap: 3  # judgements of each comparison");
    assertThat((JsonNode) SettingsText.read(file.body())).isEqualTo(tree(run));

    Map<String, String> fields = fields(form("?job=itecRound"));
    fields.put("fill", "1");
    fields.put("yaml", file.body());
    Document page = Jsoup.parse(send(fields).body());
    assertThat(fields(page))
        .containsEntry("s.committee", "sft, a: b")
        .containsEntry("s.pairs.overlap", "3")
        .containsEntry("s.seats", "5");
    // Nothing was queued by filling in.
    assertThat(stores.runs().ofProject(project.id())).hasSize(1);
  }

  @Test
  void yaml_that_cannot_be_read_or_names_what_is_no_setting_says_so() {
    Map<String, String> fields = fields(form("?job=evaluation"));
    fields.put("fill", "1");
    fields.put("yaml", "stage: [");
    HttpResponse<String> broken = send(fields);
    assertThat(broken.statusCode()).isEqualTo(422);
    assertThat(faultOf(Jsoup.parse(broken.body()), "yaml")).contains("line 1");
    fields.put("yaml", "stages: mine\nprompts: none\n");
    Document page = Jsoup.parse(send(fields).body());
    assertThat(page.select(".error").text()).contains("There is no setting stages.");
    assertThat(page.getElementById("s.stages").val()).isEqualTo("mine");
    assertThat(faultOf(page, "s.prompts")).isEqualTo("must be a whole number, was 'none'");
  }
}
