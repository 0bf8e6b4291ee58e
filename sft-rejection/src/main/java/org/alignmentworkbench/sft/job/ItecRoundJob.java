package org.alignmentworkbench.sft.job;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.alignmentworkbench.db.committee.CommitteeSeat;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.DatasetRow;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.db.response.Response;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.task.Comparison;
import org.alignmentworkbench.db.task.Progress;
import org.alignmentworkbench.rlhf.job.JobRun;
import org.alignmentworkbench.rlhf.job.MirrorDescentPlan;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.Parking;
import org.alignmentworkbench.rlhf.job.PreferencePlan;
import org.alignmentworkbench.rlhf.job.ProjectPrompts;
import org.alignmentworkbench.rlhf.job.RewardModelPlan;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.SettingsJson;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.job.WorkSession;
import org.alignmentworkbench.rlhf.job.WorkStep;
import org.alignmentworkbench.sft.committee.BestOfCommittee;
import org.alignmentworkbench.sft.committee.Candidate;
import org.alignmentworkbench.sft.committee.CommitteeElection;
import org.alignmentworkbench.sft.committee.Selection;
import org.alignmentworkbench.sft.committee.Standing;
import org.alignmentworkbench.sft.training.LoraSettings;
import org.alignmentworkbench.sft.training.TooLongRule;
import org.alignmentworkbench.synthetic.filter.FilterOutcome;
import org.alignmentworkbench.synthetic.filter.VerifiableFilter;
import org.alignmentworkbench.synthetic.task.Split;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.transaction.PlatformTransactionManager;

/// One round of the iterative teaching committee (iTeC).
///
/// 1. `collectPrompts`: make the round's preference, training and held-out prompts.
/// 2. `samplePairs`: every member of the current committee answers the preference prompts.
/// 3. `makeComparisons`: two different answers to each prompt become a task with its slots.
/// 4. `awaitJudgements`: park until all of them are judged; costs nothing.
/// 5. `takeJudgements`: the judgements of this round and all before become an immutable dataset.
/// 6. `trainRewardModel` on it.
/// 7. `trainPreferenceMember`: DPO or IPO on the same pairs.
/// 8. `trainDescentMember`: mirror descent against the reward model.
/// 9. `sampleCommittee`: committee and new members answer the training prompts.
/// 10. `scoreCandidates` with the reward model.
/// 11. `selectBest`: for each prompt the best verified answer of the whole committee; beside it the
///     best without the filter.
/// 12. `trainStudent` on the selection, and `trainUnfilteredStudent` on the other one.
/// 13. `evaluateStudent`, `evaluateUnfilteredStudent` on held-out prompts.
/// 14. `sampleStudent`, `scoreStudent`, `electCommittee`: the student stands beside the members,
///     and the best of each family sit on the next committee.
///
/// Source: 2024 Apple foundation-model report, section on iTeC.
public final class ItecRoundJob implements RunJob {
  private final JobRepository jobs;
  private final PlatformTransactionManager transactions;
  private final Stores stores;
  private final RunProgress progress;
  private final ModelShelf shelf;
  private final JudgementSnapshot snapshots;
  private final Clock clock;

  /// The job on these stores; the clock tells leases that have run out.
  public ItecRoundJob(
      JobRepository jobs,
      PlatformTransactionManager transactions,
      Stores stores,
      RunProgress progress,
      ModelShelf shelf,
      JudgementSnapshot snapshots,
      Clock clock) {
    this.jobs = jobs;
    this.transactions = transactions;
    this.stores = stores;
    this.progress = progress;
    this.shelf = shelf;
    this.snapshots = snapshots;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "itecRound";
  }

  @Override
  public ItecRoundSettings defaults() {
    return ItecRoundSettings.DEFAULT;
  }

  @Override
  public List<String> makes(String configuration) {
    return SettingsJson.read(configuration, ItecRoundSettings.DEFAULT).makes();
  }

  @Override
  public Job job() {
    return new JobBuilder(name(), jobs)
        .start(collectPrompts())
        .next(samplePairs())
        .next(makeComparisons())
        .next(awaitJudgements())
        .next(takeJudgements())
        .next(trainRewardModel())
        .next(trainPreferenceMember())
        .next(trainDescentMember())
        .next(sampleCommittee())
        .next(scoreCandidates())
        .next(selectBest())
        .next(train("trainStudent", true))
        .next(train("trainUnfilteredStudent", false))
        .next(evaluate("evaluateStudent", true))
        .next(evaluate("evaluateUnfilteredStudent", false))
        .next(sampleStudent())
        .next(scoreStudent())
        .next(electCommittee())
        .build();
  }

  // ---- 1. prompts

  private Step collectPrompts() {
    return step(
        "collectPrompts",
        run -> {
          ItecRoundSettings s = settings(run);
          ProjectPrompts.of(run, Split.PREFERENCE, s.pairs().firstPrompt(), s.pairs().prompts());
          ProjectPrompts.of(run, Split.TRAIN, s.members().firstPrompt(), s.members().prompts());
          if (s.evaluationPrompts() > 0) {
            ProjectPrompts.of(run, Split.HELD_OUT, 0, s.evaluationPrompts());
          }
          run.log("Round " + s.round() + " of " + String.join(", ", committee(run)) + ".");
        });
  }

  // ---- 2. to 5. pairs and judgements

  private Step samplePairs() {
    return step(
        "samplePairs",
        new SamplingStep(
            "pairs",
            stores,
            progress,
            shelf,
            run -> {
              ItecRoundSettings s = settings(run);
              return new SamplingStep.Inputs(
                  s.round(),
                  committee(run),
                  Split.PREFERENCE,
                  s.pairs().firstPrompt(),
                  s.pairs().prompts(),
                  s.pairs().samplesPerMember(),
                  s.sampling());
            }));
  }

  private Step makeComparisons() {
    return step(
        "makeComparisons",
        run -> {
          ItecRoundSettings s = settings(run);
          Map<Long, ProjectPrompts.Entry> prompts =
              byId(
                  ProjectPrompts.of(
                      run, Split.PREFERENCE, s.pairs().firstPrompt(), s.pairs().prompts()));
          List<Response> responses =
              ofRound(run, s.round()).stream()
                  .filter(response -> prompts.containsKey(response.promptId()))
                  .toList();
          List<Comparison> comparisons =
              RoundComparisons.choose(
                  responses,
                  r -> requireNonNull(prompts.get(r.promptId())).row().key(),
                  run.seed());
          stores
              .tasks()
              .make(run.projectId(), s.round(), run.seed(), s.pairs().overlap(), comparisons);
          run.log(
              "%d comparisons of %d prompts.".formatted(comparisons.size(), s.pairs().prompts()));
        });
  }

  private Step awaitJudgements() {
    return new StepBuilder("awaitJudgements", jobs)
        .tasklet(
            (contribution, chunk) ->
                Parking.of(chunk, waitsFor(JobRun.of(chunk, stores, progress).run())),
            transactions)
        .build();
  }

  @Override
  public Optional<String> waitsFor(Run run) {
    int round = SettingsJson.read(run.configuration(), ItecRoundSettings.DEFAULT).round();
    Progress labels = stores.tasks().progressOfRound(run.projectId(), round, clock.instant());
    return labels.missing() == 0
        ? Optional.empty()
        : Optional.of("waiting for " + labels.missing() + " judgements");
  }

  private Step takeJudgements() {
    return step(
        "takeJudgements",
        run -> {
          ItecRoundSettings s = settings(run);
          Dataset taken =
              snapshots.take(
                  run.projectId(), s.judgements(), 1, s.round(), s.scripted(), run.run().id());
          run.log("Took " + taken.rowCount() + " judgements.");
        });
  }

  // ---- 6. to 8. reward model and new members

  private Step trainRewardModel() {
    return work(
        "trainRewardModel",
        "rewardModel",
        new RewardModelPlan(
            stores,
            shelf,
            run -> {
              ItecRoundSettings s = settings(run);
              return new RewardModelPlan.Inputs(
                  s.reference(), s.judgements(), s.rewardModelName(), s.rewardModel());
            }));
  }

  private Step trainPreferenceMember() {
    return work(
        "trainPreferenceMember",
        "preference",
        new PreferencePlan(
            stores,
            shelf,
            run -> {
              ItecRoundSettings s = settings(run);
              return new PreferencePlan.Inputs(
                  s.model(), s.judgements(), s.preferenceMember(), s.preference());
            }));
  }

  private Step trainDescentMember() {
    return work(
        "trainDescentMember",
        "mdloo",
        new MirrorDescentPlan(
            stores,
            shelf,
            run -> {
              ItecRoundSettings s = settings(run);
              return new MirrorDescentPlan.Inputs(
                  s.model(),
                  s.reference(),
                  s.rewardModelName(),
                  s.descentMember(),
                  s.mirrorDescent().firstPrompt(),
                  s.mirrorDescent().prompts(),
                  s.mirrorDescent().training());
            }));
  }

  // ---- 9. to 11. best of the committee

  private Step sampleCommittee() {
    return step(
        "sampleCommittee",
        new SamplingStep(
            "committee",
            stores,
            progress,
            shelf,
            run -> {
              ItecRoundSettings s = settings(run);
              return new SamplingStep.Inputs(
                  s.round(),
                  members(run),
                  Split.TRAIN,
                  s.members().firstPrompt(),
                  s.members().prompts(),
                  s.members().samplesPerMember(),
                  s.sampling());
            }));
  }

  private Step scoreCandidates() {
    return step("scoreCandidates", scoring("scores", this::members));
  }

  private Step selectBest() {
    return step(
        "selectBest",
        run -> {
          keepSelection(run, true);
          if (settings(run).unfilteredStudent()) {
            keepSelection(run, false);
          }
        });
  }

  private void keepSelection(JobRun run, boolean filtered) throws Exception {
    ItecRoundSettings s = settings(run);
    Map<Long, ProjectPrompts.Entry> prompts = byId(memberPrompts(run));
    var responses = new HashMap<String, Response>();
    List<Candidate> candidates = candidates(run, members(run), prompts, responses);
    Selection selection =
        BestOfCommittee.select(
            candidates, filtered ? BestOfCommittee.Filter.VERIFIED : BestOfCommittee.Filter.NONE);
    var lines = new ArrayList<Demonstrations.Line>();
    var rows = new ArrayList<DatasetRow>();
    for (Candidate best : selection.best()) {
      Response response = requireNonNull(responses.get(best.key()));
      lines.add(
          new Demonstrations.Line(
              best.promptKey(),
              requireNonNull(prompts.get(response.promptId())).row().text(),
              response.key(),
              response.text(),
              response.tokenIds()));
      rows.add(new DatasetRow(response.promptId(), response.id(), null, null));
    }
    Dataset kept =
        Demonstrations.keep(run, s.selected(filtered), Dataset.Kind.SELECTED, lines, rows);
    edge(run, s.rewardModelName(), kept.artifactSha256(), "reward");
    for (String member : selection.chosenByMember().keySet()) {
      edge(run, member, kept.artifactSha256(), "member");
    }
    run.log(
        "Best of %d candidates%s: %s; %d turned away, %d prompts without an answer."
            .formatted(
                selection.candidates(),
                filtered ? "" : " without the filter",
                selection.chosenByMember().entrySet().stream()
                    .map(chosen -> chosen.getValue() + " of " + chosen.getKey())
                    .collect(Collectors.joining(", ")),
                selection.rejected(),
                selection.promptsWithoutAnswer()));
  }

  // ---- 12. and 13. students

  private Step train(String name, boolean filtered) {
    return work(
        name,
        filtered ? "student" : "unfilteredStudent",
        new SupervisedPlan(
            stores,
            shelf,
            run -> {
              ItecRoundSettings s = settings(run);
              return new SupervisedPlan.Inputs(
                  s.model(),
                  s.selected(filtered),
                  s.student(filtered),
                  s.studentHeldOutShare(),
                  TooLongRule.DROP,
                  LoraSettings.NONE,
                  s.student());
            }),
        "steps",
        s -> filtered || s.unfilteredStudent());
  }

  private Step evaluate(String name, boolean filtered) {
    return work(
        name,
        filtered ? "evaluation" : "unfilteredEvaluation",
        new EvaluationPlan(
            stores,
            shelf,
            run -> {
              ItecRoundSettings s = settings(run);
              return new EvaluationPlan.Inputs(
                  s.student(filtered),
                  s.student(filtered),
                  s.rewardModelName(),
                  s.reference(),
                  s.compareWith(),
                  s.evaluationPrompts(),
                  s.sampling());
            }),
        "prompts",
        s -> s.evaluationPrompts() > 0 && (filtered || s.unfilteredStudent()));
  }

  // ---- 14. election

  private Step sampleStudent() {
    return step(
        "sampleStudent",
        new SamplingStep(
            "election",
            stores,
            progress,
            shelf,
            run -> {
              ItecRoundSettings s = settings(run);
              return new SamplingStep.Inputs(
                  s.round(),
                  List.of(s.student(true)),
                  Split.TRAIN,
                  s.members().firstPrompt(),
                  s.electionPrompts(),
                  s.members().samplesPerMember(),
                  s.sampling());
            }));
  }

  private Step scoreStudent() {
    return step(
        "scoreStudent", scoring("electionScores", run -> List.of(settings(run).student(true))));
  }

  private Step electCommittee() {
    return step(
        "electCommittee",
        run -> {
          ItecRoundSettings s = settings(run);
          Map<Long, ProjectPrompts.Entry> prompts =
              byId(
                  ProjectPrompts.of(
                      run, Split.TRAIN, s.members().firstPrompt(), s.electionPrompts()));
          var standing = new LinkedHashSet<>(members(run));
          standing.add(s.student(true));
          List<Standing> standings = new ArrayList<>();
          for (String member : standing) {
            standings.add(
                standing(member, candidates(run, List.of(member), prompts, new HashMap<>())));
          }
          Set<String> elected =
              CommitteeElection.elect(standings, s.seats()).stream()
                  .map(Standing::member)
                  .collect(Collectors.toSet());
          var seats = new ArrayList<CommitteeSeat>();
          for (Standing one : standings) {
            seats.add(
                new CommitteeSeat(
                    shelf.row(run.projectId(), one.member()).id(),
                    one.member(),
                    one.family(),
                    one.reward(),
                    one.passRate(),
                    elected.contains(one.member())));
          }
          stores.committees().record(run.projectId(), s.round(), seats);
          run.log("Elected: " + elected.stream().sorted().collect(Collectors.joining(", ")) + ".");
        });
  }

  private static Standing standing(String member, List<Candidate> candidates) {
    double reward =
        candidates.stream()
            .mapToDouble(Candidate::reward)
            .filter(r -> !Double.isNaN(r))
            .average()
            .orElse(0);
    double passRate =
        (double) candidates.stream().filter(Candidate::verified).count() / candidates.size();
    return new Standing(member, family(member), reward, passRate);
  }

  /// The method that made a model: what its name says after the round (`itec-1/dpo`), else before
  /// the number (`itec-1`, `sft`).
  static String family(String member) {
    int slash = member.lastIndexOf('/');
    return slash >= 0 ? member.substring(slash + 1) : member.split("-", 2)[0];
  }

  // ---- what steps share

  private static ItecRoundSettings settings(JobRun run) {
    return run.settings(ItecRoundSettings.DEFAULT);
  }

  /// The committee that the round begins with.
  private List<String> committee(JobRun run) {
    ItecRoundSettings s = settings(run);
    if (!s.committee().isEmpty()) {
      return s.committee();
    }
    List<String> elected =
        stores.committees().ofRound(run.projectId(), s.round() - 1).stream()
            .filter(CommitteeSeat::elected)
            .map(CommitteeSeat::model)
            .toList();
    return elected.isEmpty() ? List.of(s.model()) : elected;
  }

  /// The committee, the policy it started from, and the round's new members.
  private List<String> members(JobRun run) {
    ItecRoundSettings s = settings(run);
    var members = new LinkedHashSet<>(committee(run));
    members.add(s.model());
    members.add(s.preferenceMember());
    members.add(s.descentMember());
    return List.copyOf(members);
  }

  private static List<ProjectPrompts.Entry> memberPrompts(JobRun run) {
    ItecRoundSettings s = settings(run);
    return ProjectPrompts.of(run, Split.TRAIN, s.members().firstPrompt(), s.members().prompts());
  }

  private static Map<Long, ProjectPrompts.Entry> byId(List<ProjectPrompts.Entry> entries) {
    return entries.stream().collect(Collectors.toMap(e -> e.row().id(), Function.identity()));
  }

  private List<Response> ofRound(JobRun run, int round) {
    return stores.responses().ofRound(run.projectId(), round);
  }

  /// The answers of some members to some prompts as candidates; `responses` takes their rows by
  /// key.
  private List<Candidate> candidates(
      JobRun run,
      List<String> members,
      Map<Long, ProjectPrompts.Entry> prompts,
      Map<String, Response> responses) {
    var wanted = new HashSet<>(members);
    var candidates = new ArrayList<Candidate>();
    for (Response response : ofRound(run, settings(run).round())) {
      ProjectPrompts.Entry prompt = prompts.get(response.promptId());
      if (prompt == null || !wanted.contains(response.member())) {
        continue;
      }
      responses.put(response.key(), response);
      Double reward = response.reward();
      candidates.add(
          new Candidate(
              prompt.row().key(),
              response.key(),
              response.member(),
              reward == null ? Double.NaN : reward,
              VerifiableFilter.decide(prompt.task(), response.text())
                  instanceof FilterOutcome.Kept));
    }
    return candidates;
  }

  private ScoringStep scoring(String stage, Function<JobRun, List<String>> members) {
    return new ScoringStep(
        stage,
        stores,
        progress,
        shelf,
        run -> {
          ItecRoundSettings s = settings(run);
          return new ScoringStep.Inputs(
              s.round(),
              members.apply(run),
              s.rewardModelName(),
              s.reference(),
              s.sampling().rows());
        });
  }

  private void edge(JobRun run, String parentModel, String child, String role) {
    stores
        .lineage()
        .edge(
            shelf.row(run.projectId(), parentModel).artifactSha256(), child, role, run.run().id());
  }

  /// What a step does that is done in one commit.
  @FunctionalInterface
  private interface Once {
    void apply(JobRun run) throws Exception;
  }

  private Step step(String name, Once once) {
    return step(
        name,
        (Tasklet)
            (contribution, chunk) -> {
              JobRun run = JobRun.of(chunk, stores, progress);
              run.report(name, 0, 1L, "steps");
              once.apply(run);
              return RepeatStatus.FINISHED;
            });
  }

  private Step step(String name, Tasklet tasklet) {
    return new StepBuilder(name, jobs).tasklet(tasklet, transactions).build();
  }

  private Step work(String name, String stage, WorkSession.Plan plan) {
    return work(name, stage, plan, "steps", s -> true);
  }

  private Step work(
      String name,
      String stage,
      WorkSession.Plan plan,
      String unit,
      java.util.function.Predicate<ItecRoundSettings> wanted) {
    return step(
        name,
        (Tasklet)
            new WorkStep(stage, plan, stores, progress, unit, run -> wanted.test(settings(run))));
  }
}
