package org.alignmentworkbench.app.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Progress;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.run.Heartbeat;
import org.alignmentworkbench.db.run.LogLine;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.db.view.ArtifactLine;
import org.alignmentworkbench.db.view.CurveSummary;
import org.alignmentworkbench.db.view.LineageStep;
import org.alignmentworkbench.db.view.RunLine;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Turns rows of runs into what the pages show.
@Component
public class RunPages {
  /// A running run that has been silent for longer is marked; jobs beat at least every few seconds.
  static final Duration SILENCE = Duration.ofMinutes(1);

  /// Plots are shown all at once up to so many; with more, one stage at a time is open.
  private static final int PLOTS_AT_ONCE = 9;

  private static final int WHERE = 110;
  private static final Pattern HASH = Pattern.compile("([0-9a-f]{12})[0-9a-f]{52}");

  private final Formats formats;
  private final Words words;
  private final Clock clock;

  RunPages(Formats formats, Words words, Clock clock) {
    this.formats = formats;
    this.words = words;
    this.clock = clock;
  }

  /// A run's state in words.
  public Chip chip(RunState state) {
    String kind =
        switch (state) {
          case QUEUED -> "neutral";
          case RUNNING -> "info";
          case WAITING -> "warn";
          case STOPPED -> "neutral";
          case FAILED -> "bad";
          case COMPLETED -> "good";
        };
    return new Chip(kind, words.of("run.state." + state));
  }

  /// A job's name in words.
  public String job(String jobName) {
    return words.named("job.", jobName);
  }

  /// A stage's name in words.
  public String stage(String stage) {
    return stage.isEmpty() ? "" : words.named("stage.", stage);
  }

  /// What a run says of itself: what it waits for or failed of, where it is, what it came to.
  public String where(RunLine run) {
    if (!run.detail().isEmpty()) {
      return formats.excerpt(run.detail(), WHERE);
    }
    if (run.state() == RunState.RUNNING && run.stage() != null) {
      return stage(run.stage());
    }
    return run.outcome() == null ? "" : outcome(run.outcome());
  }

  /// A line of a log in short: hashes by their first digits.
  String outcome(String message) {
    return formats.excerpt(HASH.matcher(message).replaceAll("$1"), WHERE);
  }

  /// @param mayControl whether the person who looks may stop and restart runs
  RunViews.Row row(RunLine run, boolean mayControl) {
    boolean running = run.state() == RunState.RUNNING;
    return new RunViews.Row(
        run.id(),
        run.name(),
        job(run.jobName()),
        run.projectId(),
        run.projectName(),
        chip(run.state()),
        where(run),
        running && run.step() != null ? progress(run.step(), run.steps()) : null,
        formats.momentOrNull(run.startedAt()),
        took(run.startedAt(), run.endedAt()),
        mayControl && mayStop(run.state()),
        mayControl && mayRestart(run.state()));
  }

  private static boolean mayStop(RunState state) {
    return state.mayBecome(RunState.STOPPED);
  }

  private static boolean mayRestart(RunState state) {
    return state.ended() && state.mayBecome(RunState.QUEUED);
  }

  /// @param outcome the last thing the run said of its work, or null
  /// @param mayControl whether the person who looks may stop and restart runs
  /// @param mayRunAgain whether they may make another run of its settings
  RunViews.Status status(
      Run run,
      Optional<Heartbeat> heartbeat,
      @Nullable String outcome,
      boolean mayControl,
      boolean mayRunAgain) {
    boolean running = run.state() == RunState.RUNNING;
    boolean completed = run.state() == RunState.COMPLETED;
    @Nullable Heartbeat beat = heartbeat.orElse(null);
    Instant now = clock.instant();
    boolean silent = running && Duration.between(lastSign(run, beat), now).compareTo(SILENCE) > 0;
    // The last sign of life of a finished run names the stage it happened to be at.
    @Nullable Heartbeat at = completed ? null : beat;
    return new RunViews.Status(
        run.id(),
        run.projectId(),
        chip(run.state()),
        run.detail().isEmpty() && completed && outcome != null ? outcome(outcome) : run.detail(),
        at == null ? null : stage(at.stage()),
        at != null && (at.step() > 0 || at.steps() != null)
            ? progress(at.step(), at.steps())
            : null,
        running ? rate(beat) : null,
        running ? left(!silent, beat, now) : null,
        took(run.startedAt(), run.endedAt()),
        formats.momentOrNull(run.startedAt()),
        formats.momentOrNull(run.endedAt()),
        !running || beat == null ? null : formats.moment(beat.at()),
        silent,
        mayControl && mayStop(run.state()),
        mayControl && mayRestart(run.state()),
        mayRunAgain && run.state().ended(),
        !run.state().ended());
  }

  RunViews.Run run(Run run, Project project) {
    return new RunViews.Run(
        run.id(),
        run.name(),
        job(run.jobName()),
        project.id(),
        project.name(),
        String.valueOf(run.seed()),
        run.codeVersion(),
        run.device(),
        formats.moment(run.createdAt()));
  }

  RunViews.Line line(LogLine line) {
    return new RunViews.Line(
        line.id(),
        formats.moment(line.at()),
        line.level().name().toLowerCase(Locale.ROOT),
        line.message());
  }

  RunViews.Curve curve(CurveSummary curve) {
    return new RunViews.Curve(
        stage(PlotKey.of(curve.series()).stage()),
        label(curve.series()),
        formats.number(curve.points()),
        formats.number(curve.undefined()),
        figure(curve.last()),
        figure(curve.least()),
        figure(curve.most()));
  }

  /// What a run was made from, one line for each artefact with everything it was taken for.
  List<RunViews.Artifact> inputs(List<LineageStep> steps) {
    Map<String, List<LineageStep>> bySha256 = new LinkedHashMap<>();
    for (LineageStep step : steps) {
      bySha256.computeIfAbsent(step.artifact().sha256(), _ -> new ArrayList<>()).add(step);
    }
    return bySha256.values().stream()
        .map(same ->
            artifact(
                same.getFirst().artifact(),
                same.stream()
                    .map(step -> words.named("edge.", step.role()))
                    .distinct()
                    .collect(Collectors.joining(", "))))
        .toList();
  }

  RunViews.Artifact output(ArtifactLine artifact) {
    return artifact(artifact, "");
  }

  /// The plots of all curves, stage by stage.
  ///
  /// @param current the stage that is at work, or null
  List<RunViews.PlotStage> plots(List<CurveSummary> curves, @Nullable String current) {
    Map<String, List<CurveSummary>> byStage = new LinkedHashMap<>();
    for (CurveSummary curve : curves) {
      byStage
          .computeIfAbsent(PlotKey.of(curve.series()).stage(), _ -> new ArrayList<>())
          .add(curve);
    }
    List<RunViews.PlotStage> stages = new ArrayList<>();
    byStage.forEach((stage, own) -> {
      List<CurveSummary> ordered =
          own.stream()
              .sorted(Comparator.comparingInt((CurveSummary c) -> PlotKey.of(c.series()).rank()))
              .toList();
      List<RunViews.Plot> plots =
          ordered.stream()
              .map(curve -> PlotKey.of(curve.series()).family())
              .distinct()
              .map(family -> new RunViews.Plot(family, family(family)))
              .toList();
      CurveSummary lead =
          ordered.stream()
              // What was held out says more than the last step's batch.
              .filter(curve ->
                  PlotKey.of(curve.series()).rank()
                          == PlotKey.of(ordered.getFirst().series()).rank()
                      && curve.series().contains("heldOut"))
              .findFirst()
              .orElse(ordered.getFirst());
      stages.add(
          new RunViews.PlotStage(
              stage,
              stage(stage),
              words.of("run.plots", plots.size()),
              words.of("run.lead", label(lead.series()), figure(lead.last())),
              stage.equals(current),
              plots));
    });
    boolean few = stages.stream().mapToInt(stage -> stage.plots().size()).sum() <= PLOTS_AT_ONCE;
    boolean none = stages.stream().noneMatch(RunViews.PlotStage::open);
    List<RunViews.PlotStage> shown = new ArrayList<>();
    for (RunViews.PlotStage stage : stages) {
      shown.add(few || (none && shown.isEmpty()) ? stage.opened() : stage);
    }
    return shown;
  }

  RunViews.Legend legend(String series) {
    PlotKey key = PlotKey.of(series);
    return new RunViews.Legend(
        series,
        key.stage(),
        stage(key.stage()),
        key.family(),
        family(key.family()),
        label(series),
        key.rank());
  }

  /// A curve's name without its stage, in words.
  String label(String series) {
    return family(series.substring(series.indexOf('/') + 1));
  }

  /// A curve's whole title without its stage, for a plot of its own.
  String title(String series) {
    String name = series.substring(series.indexOf('/') + 1);
    String family = PlotKey.of(series).family();
    return name.equals(family)
        ? family(name)
        : words.of("run.series.title", family(family), family(name));
  }

  private String family(String name) {
    return words.named("series.", name);
  }

  private RunViews.Artifact artifact(ArtifactLine artifact, String role) {
    return new RunViews.Artifact(
        artifact.sha256(),
        formats.shortHash(artifact.sha256()),
        artifact.name() == null ? "" : artifact.name(),
        words.of("artifact." + artifact.kind()),
        role,
        formats.bytes(artifact.bytes()));
  }

  private Progress progress(long step, @Nullable Long steps) {
    return steps == null
        ? new Progress(0, 0, words.of("run.steps.open", formats.number(step)))
        : new Progress(
            step, steps, words.of("run.steps", formats.number(step), formats.number(steps)));
  }

  private String rate(@Nullable Heartbeat beat) {
    if (beat == null || beat.rate() == null) {
      return Formats.NONE;
    }
    return words.of(
        "run.rate.figure",
        formats.significant(beat.rate(), 3),
        beat.rateUnit() == null ? "" : beat.rateUnit());
  }

  /// The estimate was made at the heartbeat: what has passed since comes off.
  private String left(boolean alive, @Nullable Heartbeat beat, Instant now) {
    if (!alive || beat == null || beat.secondsLeft() == null) {
      return Formats.NONE;
    }
    double passed = Duration.between(beat.at(), now).toMillis() / 1000.0;
    long seconds = Math.round(Math.max(0, beat.secondsLeft() - passed));
    return formats.duration(Duration.ofSeconds(seconds));
  }

  private String took(@Nullable Instant started, @Nullable Instant ended) {
    if (started == null) {
      return Formats.NONE;
    }
    return formats.duration(Duration.between(started, ended == null ? clock.instant() : ended));
  }

  private static Instant lastSign(Run run, @Nullable Heartbeat beat) {
    Instant since = run.startedAt() == null ? run.createdAt() : run.startedAt();
    return beat == null || beat.at().isBefore(since) ? since : beat.at();
  }

  private String figure(@Nullable Double value) {
    return value == null ? Formats.NONE : formats.significant(value, 4);
  }
}
