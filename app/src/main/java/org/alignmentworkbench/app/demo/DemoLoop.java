package org.alignmentworkbench.app.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.alignmentworkbench.app.project.ProjectStart;
import org.alignmentworkbench.app.security.Accounts;
import org.alignmentworkbench.app.terminal.ProgressLine;
import org.alignmentworkbench.app.terminal.ProgressLine.Progress;
import org.alignmentworkbench.db.person.OneTimeToken;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.prompt.Prompt;
import org.alignmentworkbench.db.prompt.Split;
import org.alignmentworkbench.db.run.Heartbeat;
import org.alignmentworkbench.db.run.LogLine;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.synthetic.annotator.ScriptedAnnotator;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/// The whole loop on one project, run after run.
///
/// 1. register the shipped base model;
/// 2. `sft`: fine-tune it on demonstrations; evaluate it;
/// 3. `itec-1`, `itec-2`: two rounds of the teacher committee, whose judgements scripted annotators
///    give at the desk;
/// 4. `sft-more`: the control, as many further tokens of plain fine-tuning as the rounds' students
///    were trained on;
/// 5. `mdloo`: mirror descent against the last reward model alone;
/// 6. evaluate every stage under that reward model;
/// 7. `compression`: palettize, recover, train a feature's adapter;
/// 8. `export`.
///
/// Every run has a fixed name, so a loop that was killed finds those that are finished and goes on
/// with the first that is not.
public final class DemoLoop {
  private static final Duration POLL = Duration.ofMillis(300);
  private static final String NAME = "Demo ";

  private final Stores stores;
  private final RunQueue queue;
  private final Accounts accounts;
  private final PersonRepository people;
  private final ProjectStart start;
  private final ProgressLine terminal;
  private final URI server;

  private DemoLoop(
      Stores stores,
      RunQueue queue,
      Accounts accounts,
      PersonRepository people,
      ProjectStart start,
      ProgressLine terminal,
      URI server) {
    this.stores = stores;
    this.queue = queue;
    this.accounts = accounts;
    this.people = people;
    this.start = start;
    this.terminal = terminal;
    this.server = server;
  }

  /// A loop on the beans of a running server.
  ///
  /// @param address where the desk answers
  public static DemoLoop of(ApplicationContext server, ProgressLine terminal, URI address) {
    return new DemoLoop(
        server.getBean(Stores.class),
        server.getBean(RunQueue.class),
        server.getBean(Accounts.class),
        server.getBean(PersonRepository.class),
        server.getBean(ProjectStart.class),
        terminal,
        address);
  }

  /// The demo project that is not finished, or a new one. An unfinished one keeps its own seed.
  public Project project(long seed) {
    List<Project> demos =
        stores.projects().all().stream().filter(p -> p.name().startsWith(NAME)).toList();
    Optional<Project> open =
        demos.stream().filter(p -> p.state() == Project.State.ACTIVE).findFirst();
    if (open.isPresent()) {
      terminal.say("Going on with " + open.get().name() + " (seed " + open.get().seed() + ").");
      return open.get();
    }
    return stores.projects().create(NAME + (demos.size() + 1), seed, "{}");
  }

  /// Runs everything that is not done yet.
  ///
  /// @param baseModel the folder of the shipped base model
  public void run(Project project, Path baseModel)
      throws IOException, InterruptedException, LoopStopped {
    DemoSettings settings = new DemoSettings(project.seed());
    start.furnish(project, baseModel);
    complete(project, "sft", "supervisedFineTuning", settings.supervised());
    evaluateEarly(project, settings);
    complete(project, "itec-1", "itecRound", settings.round(1));
    complete(project, "itec-2", "itecRound", settings.round(2));
    complete(
        project,
        DemoSettings.CONTROL,
        "supervisedFineTuning",
        settings.control(studentTokens(project)));
    complete(project, DemoSettings.MDLOO, "mirrorDescentRlhf", settings.mirrorDescent());
    complete(project, "compression", "compression", settings.compression());
    for (String stage : DemoSettings.EVALUATED) {
      complete(project, "evaluate " + stage, "evaluation", settings.evaluation(stage, stage));
    }
    complete(project, "adapter", "featureAdapter", settings.adapter());
    complete(project, "export recovered", "export", settings.export(DemoSettings.RECOVERED));
    complete(project, "export adapter", "export", settings.export(DemoSettings.ADAPTER));
    stores.projects().setState(project.id(), Project.State.FINISHED);
  }

  /// The supervised policy before any judgement exists: the rounds compare with it.
  private void evaluateEarly(Project project, DemoSettings settings)
      throws IOException, InterruptedException, LoopStopped {
    Map<String, Object> early = new HashMap<>(settings.evaluation("sft", "sft"));
    early.put("rewardModel", "");
    early.put("compareWith", List.of());
    complete(project, "evaluate sft first", "evaluation", early);
  }

  /// Supervised tokens that the students of both rounds were trained on, as their runs counted
  /// them.
  private long studentTokens(Project project) {
    double tokens = 0;
    for (String round : List.of("itec-1", "itec-2")) {
      Run run = stores.runs().findByName(project.id(), round).orElseThrow();
      tokens +=
          stores.runs().points(run.id(), "student/supervisedTokens").stream()
              .mapToDouble(point -> point.value() == null ? 0 : point.value())
              .sum();
    }
    return Math.round(tokens);
  }

  /// Brings a run to its end: makes it, puts it back into the queue, or only watches it.
  private void complete(Project project, String name, String job, Map<String, Object> settings)
      throws IOException, InterruptedException, LoopStopped {
    Run run =
        stores
            .runs()
            .findByName(project.id(), name)
            .orElseGet(() ->
                queue.enqueue(
                    project.id(),
                    name,
                    job,
                    JsonMapper.shared().writeValueAsString(settings),
                    project.seed()));
    if (run.state() == RunState.STOPPED || run.state() == RunState.FAILED) {
      queue.restart(run.id());
    }
    while (true) {
      run = stores.runs().find(run.id()).orElseThrow();
      switch (run.state()) {
        case COMPLETED -> {
          terminal.say(name + ": done. " + lastWords(run));
          return;
        }
        case FAILED, STOPPED ->
            throw new LoopStopped(
                "run '%s' %s: %s The loop goes on from there when it is started again."
                    .formatted(
                        name,
                        run.state() == RunState.FAILED ? "failed" : "was stopped",
                        lastWords(run)));
        case WAITING -> label(project, run);
        case QUEUED, RUNNING -> show(run);
      }
      Thread.sleep(POLL);
    }
  }

  /// The last thing a run said of its work; that it completed is said anyway.
  private String lastWords(Run run) {
    return stores.runs().logTail(run.id(), 2).stream()
        .map(LogLine::message)
        .filter(message -> !message.equals("Completed."))
        .reduce((earlier, later) -> later)
        .orElse("");
  }

  private void show(Run run) {
    Optional<Heartbeat> beat = stores.runs().heartbeat(run.id());
    terminal.show(
        beat.map(b ->
                new Progress(
                    run.name() + ": " + b.stage(),
                    b.step(),
                    b.steps(),
                    b.rate(),
                    b.rateUnit() == null ? null : b.rateUnit() + "/s",
                    b.secondsLeft()))
            .orElse(new Progress(run.name() + ": queued", 0, null, null, null, null)));
  }

  /// Lets the scripted annotators work until the desk has nothing left for them.
  private void label(Project project, Run run) throws IOException, InterruptedException {
    terminal.show(new Progress(run.name() + ": " + run.detail(), 0, null, null, null, null));
    Map<String, GeneratedTask> tasks = new HashMap<>();
    for (Prompt prompt : stores.prompts().ofSplit(project.id(), Split.PREFERENCE)) {
      tasks.put(prompt.text(), GeneratedTask.fromJson(prompt.task()));
    }
    ScriptedAnnotator annotator =
        new ScriptedAnnotator(project.seed(), ScriptedAnnotator.DEFAULT_NOISE);
    try (ExecutorService desks = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> given =
          IntStream.rangeClosed(1, DemoSettings.ANNOTATORS)
              .mapToObj(number ->
                  desks.submit(
                      (Callable<Integer>)
                          () -> {
                            try (ScriptedLabeller labeller =
                                new ScriptedLabeller(
                                    server, annotator, prompt -> known(tasks, prompt))) {
                              labeller.signIn(link(number).value());
                              return labeller.labelAll(project.id());
                            }
                          }))
              .toList();
      int sum = 0;
      for (Future<Integer> one : given) {
        sum += one.get();
      }
      if (sum > 0) {
        terminal.say(run.name() + ": scripted annotators gave " + sum + " judgements.");
      }
    } catch (ExecutionException e) {
      throw new IOException("a scripted annotator gave up: " + e.getCause(), e);
    }
  }

  private static GeneratedTask known(Map<String, GeneratedTask> tasks, String prompt) {
    GeneratedTask task = tasks.get(prompt);
    if (task == null) {
      throw new IllegalStateException("the desk showed a prompt that is none of the project's");
    }
    return task;
  }

  private OneTimeToken link(int number) {
    String username = "scripted-" + number;
    Person person =
        people
            .findByUsername(username)
            .orElseGet(() ->
                accounts.create(
                    null, username, "Scripted annotator " + number, Role.ANNOTATOR, true));
    return accounts.link(null, person, Duration.ofMinutes(10));
  }
}
