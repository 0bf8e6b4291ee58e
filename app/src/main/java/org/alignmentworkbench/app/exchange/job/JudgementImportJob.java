package org.alignmentworkbench.app.exchange.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.exchange.BroughtPair;
import org.alignmentworkbench.db.exchange.ImportCounts;
import org.alignmentworkbench.db.exchange.JudgementImportRow;
import org.alignmentworkbench.db.exchange.JudgementImportRow.State;
import org.alignmentworkbench.db.exchange.JudgementImports;
import org.alignmentworkbench.db.exchange.JudgementImports.ColumnNames;
import org.alignmentworkbench.db.exchange.PairWriter;
import org.alignmentworkbench.db.exchange.Refusal;
import org.alignmentworkbench.model.dataset.DatasetReader;
import org.alignmentworkbench.model.dataset.FieldNames;
import org.alignmentworkbench.model.dataset.RowOutcome;
import org.alignmentworkbench.model.dataset.SheetWriter;
import org.alignmentworkbench.rlhf.job.JobRun;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.settings.Setting;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/// Brings a file of pairs or judgements into a project.
///
/// One step, `readRows`: the file is read row by row, and what it says is written some hundred rows
/// at a time, all in one transaction. A file that cannot be read to its end, or that holds nothing
/// of use, therefore leaves nothing behind; a dry run does the same work and then takes it back. A
/// process that dies has written nothing, and the run begins again. The same holds for a run that
/// is stopped, by a person or because the program is closed: it is noticed between some hundred
/// rows.
///
/// What was left out is a list beside the import: row, rule and reason.
public final class JudgementImportJob implements RunJob {
  private static final int CHUNK = 500;

  /// What a run shows of its file; the import's own row is what counts.
  public record Settings(@Setting("the file that is brought in") String file) {
    public static final Settings DEFAULT = new Settings("");
  }

  private final JobRepository jobs;
  private final PlatformTransactionManager transactions;
  private final Stores stores;
  private final RunProgress progress;
  private final JdbcClient jdbc;
  private final JudgementImports imports;
  private final TransactionTemplate own;

  JudgementImportJob(
      JobRepository jobs,
      PlatformTransactionManager transactions,
      Stores stores,
      RunProgress progress,
      JdbcClient jdbc,
      JudgementImports imports) {
    this.jobs = jobs;
    this.transactions = transactions;
    this.stores = stores;
    this.progress = progress;
    this.jdbc = jdbc;
    this.imports = imports;
    this.own = new TransactionTemplate(transactions);
    own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
  }

  @Override
  public String name() {
    return "judgementImport";
  }

  @Override
  public Settings defaults() {
    return Settings.DEFAULT;
  }

  @Override
  public boolean usesEngine() {
    return false;
  }

  @Override
  public boolean offered() {
    return false;
  }

  @Override
  public Job job() {
    return new JobBuilder(name(), jobs).start(readRows()).build();
  }

  private Step readRows() {
    return new StepBuilder("readRows", jobs)
        .tasklet(
            (contribution, chunk) -> {
              JobRun run = JobRun.of(chunk, stores, progress);
              JudgementImportRow wish =
                  imports
                      .ofRun(run.run().id())
                      .orElseThrow(() ->
                          new IllegalStateException(
                              "no file was brought for this run; bring it on the project's page of"
                                  + " judgements"));
              if (wish.state() != State.WAITING && wish.state() != State.BROKEN) {
                return RepeatStatus.FINISHED;
              }
              Optional<Outcome> outcome = carryOut(run, wish);
              outcome.ifPresent(read -> run.log(told(wish, read)));
              // Before anything is read again, the framework ends a step that is to stop.
              return outcome.isPresent() ? RepeatStatus.FINISHED : RepeatStatus.CONTINUABLE;
            },
            transactions)
        .build();
  }

  /// What the rows came to.
  ///
  /// @param fault why nothing of the file is taken; null where it is
  private record Outcome(ImportCounts counts, @Nullable String fault) {}

  /// Empty where it was stopped: then nothing has been written.
  private Optional<Outcome> carryOut(JobRun run, JudgementImportRow wish) {
    Path work = stores.artifacts().temporary();
    Path list = work.resolve("refused.csv");
    try {
      Optional<Outcome> outcome =
          own.execute(status -> {
            Optional<Outcome> read = read(run, wish, list);
            boolean whole = read.isPresent() && read.get().fault() == null;
            if (wish.dryRun() || !whole) {
              status.setRollbackOnly();
            } else {
              end(wish, State.TAKEN, read.get(), list);
            }
            return read;
          });
      outcome.ifPresent(read -> {
        if (read.fault() != null) {
          end(wish, State.REFUSED, read, list);
        } else if (wish.dryRun()) {
          end(wish, State.TRIED, read, list);
        } else {
          PairWriter.survey(jdbc);
        }
      });
      return outcome;
    } finally {
      stores.artifacts().discard(work);
    }
  }

  private static String told(JudgementImportRow wish, Outcome outcome) {
    if (outcome.fault() != null) {
      return "Nothing of " + wish.fileName() + " was taken: " + outcome.fault();
    }
    ImportCounts counts = outcome.counts();
    return "%s %s: %d rows, %d new comparisons, %d new judgements, %d new skips, %d there already, %d left out."
        .formatted(
            wish.dryRun() ? "Tried" : "Took",
            wish.fileName(),
            counts.rows(),
            counts.pairs(),
            counts.judgements(),
            counts.skips(),
            counts.there(),
            counts.refused());
  }

  private void end(JudgementImportRow wish, State state, Outcome outcome, Path list) {
    @Nullable String refusals =
        outcome.counts().refused() == 0
            ? null
            : stores.artifacts().adopt(Artifact.Kind.EXPORT, list).sha256();
    imports.end(wish.id(), state, outcome.counts(), refusals, outcome.fault());
  }

  private Optional<Outcome> read(JobRun run, JudgementImportRow wish, Path list) {
    var writer =
        new PairWriter(jdbc, run.projectId(), run.project().seed(), wish.id(), wish.overlap());
    try (InputStream file = Files.newInputStream(stores.artifacts().open(wish.fileSha256()));
        DatasetReader rows =
            DatasetReader.open(
                file, new DatasetReader.Settings(wish.fileName(), names(wish.columns())));
        SheetWriter sheet = SheetWriter.open(Files.newOutputStream(list), Refusal.HEADER)) {
      return read(run, wish, rows, writer, new LeftOut(sheet));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FieldNames names(ColumnNames columns) {
    return new FieldNames(columns.prompt(), columns.chosen(), columns.rejected());
  }

  private Optional<Outcome> read(
      JobRun run, JudgementImportRow wish, DatasetReader rows, PairWriter writer, LeftOut refused)
      throws IOException {
    ImportCounts counts = ImportCounts.NONE;
    long read = 0;
    List<BroughtPair> pairs = new ArrayList<>();
    StopRequest stop = new StopRequest(jobs, run.step().getJobExecutionId());
    for (RowOutcome outcome = rows.next(); outcome != null; outcome = rows.next()) {
      switch (outcome) {
        case RowOutcome.Accepted row -> {
          BroughtRow brought = BroughtRow.of(row, wish.purpose(), wish.strength());
          pairs.addAll(brought.pairs());
          brought.refusals().forEach(refused::tell);
          counts = counts.plus(rowWith(brought.refusals().size()));
        }
        case RowOutcome.Refused row -> {
          refused.tell(new Refusal(row.row(), row.code().name(), row.reason()));
          counts = counts.plus(rowWith(1));
        }
        case RowOutcome.Skipped _ -> {}
        case RowOutcome.FileRefused whole -> {
          refused.tell(new Refusal(whole.line(), whole.code().name(), whole.reason()));
          return Optional.of(
              new Outcome(
                  new ImportCounts(counts.rows(), 0, 0, 0, 0, counts.refused() + 1),
                  "line %d: %s, %s".formatted(whole.line(), whole.code(), whole.reason())));
        }
      }
      if (pairs.size() >= CHUNK) {
        counts = counts.plus(write(writer, pairs, refused));
      }
      // A file may have no row of use for a long time, or nothing but blank lines.
      if (++read % CHUNK == 0) {
        run.report("readRows", counts.rows(), null, "rows");
        if (stop.wanted()) {
          return Optional.empty();
        }
      }
    }
    counts = counts.plus(write(writer, pairs, refused));
    run.report("readRows", counts.rows(), counts.rows(), "rows");
    boolean useless = counts.pairs() + counts.judgements() + counts.skips() + counts.there() == 0;
    return Optional.of(
        new Outcome(
            counts,
            useless
                ? "none of %d rows can be used%s".formatted(counts.rows(), refused.why())
                : null));
  }

  /// Whether the run is to stop: its worker marks the execution, which only the database tells a
  /// step that is in the middle of its work.
  private static final class StopRequest {
    private static final long LOOK_NANOS = 500_000_000;

    private final JobRepository jobs;
    private final long execution;
    private long looked = System.nanoTime();

    StopRequest(JobRepository jobs, long execution) {
      this.jobs = jobs;
      this.execution = execution;
    }

    boolean wanted() {
      if (System.nanoTime() - looked < LOOK_NANOS) {
        return false;
      }
      looked = System.nanoTime();
      @Nullable JobExecution now = jobs.getJobExecution(execution);
      return now != null && now.getStatus() != BatchStatus.STARTED;
    }
  }

  private static ImportCounts rowWith(int refusals) {
    return new ImportCounts(1, 0, 0, 0, 0, refusals);
  }

  private static ImportCounts write(PairWriter writer, List<BroughtPair> pairs, LeftOut refused) {
    PairWriter.Result result = writer.write(pairs);
    pairs.clear();
    result.refusals().forEach(refused::tell);
    return result.counts();
  }

  /// The list of what is left out. The first reason is told with the file as well: a file of which
  /// nothing can be used usually has one fault throughout.
  private static final class LeftOut {
    private final SheetWriter sheet;
    private @Nullable Refusal first;

    LeftOut(SheetWriter sheet) {
      this.sheet = sheet;
    }

    void tell(Refusal refusal) {
      if (first == null) {
        first = refusal;
      }
      sheet.row(refusal.cells());
    }

    /// `; row 1: why`, or nothing where nothing was left out.
    String why() {
      @Nullable Refusal why = first;
      return why == null ? "" : "; row %d: %s".formatted(why.row(), why.reason());
    }
  }
}
