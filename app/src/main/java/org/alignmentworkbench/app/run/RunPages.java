package org.alignmentworkbench.app.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Progress;
import org.alignmentworkbench.app.web.JsonFacts;
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
    return words.orElse("job." + jobName, jobName);
  }

  /// A stage's name in words.
  public String stage(String stage) {
    return stage.isEmpty() ? "" : words.orElse("stage." + stage, stage);
  }

  RunViews.Row row(RunLine run) {
    boolean running = run.state() == RunState.RUNNING;
    String where = run.detail();
    if (where.isEmpty() && running && run.stage() != null) {
      where = stage(run.stage());
    }
    return new RunViews.Row(
        run.id(),
        run.name(),
        job(run.jobName()),
        run.projectId(),
        run.projectName(),
        chip(run.state()),
        formats.excerpt(where, 90),
        running && run.step() != null ? progress(run.step(), run.steps()) : null,
        formats.momentOrNull(run.startedAt()),
        took(run.startedAt(), run.endedAt()));
  }

  /// @param mayControl whether the person who looks may stop and restart runs
  RunViews.Status status(Run run, Optional<Heartbeat> heartbeat, boolean mayControl) {
    boolean running = run.state() == RunState.RUNNING;
    @Nullable Heartbeat beat = heartbeat.orElse(null);
    Instant now = clock.instant();
    boolean silent = running && Duration.between(lastSign(run, beat), now).compareTo(SILENCE) > 0;
    return new RunViews.Status(
        run.id(),
        chip(run.state()),
        run.detail(),
        beat == null ? null : stage(beat.stage()),
        beat == null ? null : progress(beat.step(), beat.steps()),
        rate(running, beat),
        left(running && !silent, beat, now),
        took(run.startedAt(), run.endedAt()),
        formats.momentOrNull(run.startedAt()),
        formats.momentOrNull(run.endedAt()),
        beat == null ? null : formats.moment(beat.at()),
        silent,
        mayControl && run.state().mayBecome(RunState.STOPPED),
        mayControl && run.state().ended() && run.state().mayBecome(RunState.QUEUED),
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
        formats.moment(run.createdAt()),
        JsonFacts.of(run.configuration()));
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
        curve.series(),
        formats.number(curve.points()),
        formats.number(curve.undefined()),
        figure(curve.last()),
        figure(curve.least()),
        figure(curve.most()));
  }

  RunViews.Artifact input(LineageStep step) {
    return artifact(step.artifact(), step.role());
  }

  RunViews.Artifact output(ArtifactLine artifact) {
    return artifact(artifact, "");
  }

  /// The plots of all curves, stage by stage.
  List<RunViews.PlotStage> plots(List<CurveSummary> curves) {
    Map<String, Map<String, RunViews.Plot>> stages = new LinkedHashMap<>();
    for (CurveSummary curve : curves) {
      PlotKey key = PlotKey.of(curve.series());
      stages
          .computeIfAbsent(key.stage(), _ -> new LinkedHashMap<>())
          .putIfAbsent(key.family(), new RunViews.Plot(key.family(), family(key.family())));
    }
    return stages.entrySet().stream()
        .map(e ->
            new RunViews.PlotStage(
                e.getKey(), stage(e.getKey()), List.copyOf(e.getValue().values())))
        .toList();
  }

  RunViews.Legend legend(String series) {
    PlotKey key = PlotKey.of(series);
    String name = series.substring(series.indexOf('/') + 1);
    return new RunViews.Legend(
        series, key.stage(), stage(key.stage()), key.family(), family(key.family()), family(name));
  }

  private String family(String name) {
    return words.orElse("series." + name, name);
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

  private String rate(boolean running, @Nullable Heartbeat beat) {
    if (!running || beat == null || beat.rate() == null) {
      return Formats.NONE;
    }
    String unit = beat.rateUnit() == null ? "" : " " + beat.rateUnit();
    return formats.significant(beat.rate(), 3) + unit;
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
