package org.alignmentworkbench.sft.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.alignmentworkbench.db.prompt.Prompt;
import org.alignmentworkbench.db.response.Response;
import org.alignmentworkbench.model.reward.RewardModel;
import org.alignmentworkbench.rlhf.job.JobRun;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.training.PromptRow;
import org.alignmentworkbench.rlhf.training.RewardModelScorer;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.scope.context.StepContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/// Scores the responses that some members gave in a round with the round's reward model, a batch at
/// a time in order of the responses' keys.
record ScoringStep(
    String stage,
    Stores stores,
    RunProgress progress,
    ModelShelf shelf,
    Function<JobRun, Inputs> inputs)
    implements Tasklet {
  private static final String NEXT = "next";
  private static final String OPEN = "open";

  /// @param members whose responses
  /// @param template the policy whose template renders the prompts
  /// @param rows responses of a batch; part of what makes a run repeatable to the bit
  record Inputs(int round, List<String> members, String rewardModel, String template, int rows) {}

  private record Open(RewardModel model, List<Response> responses, Map<Long, PromptRow> prompts)
      implements AutoCloseable {
    @Override
    public void close() {
      model.close();
    }
  }

  @Override
  public RepeatStatus execute(StepContribution contribution, ChunkContext chunk) throws Exception {
    JobRun run = JobRun.of(chunk, stores, progress);
    Inputs in = inputs.apply(run);
    Open open = open(chunk.getStepContext(), run, in);
    int next = run.context().getInt(NEXT, 0);
    int end = Math.min(open.responses().size(), next + in.rows());
    List<Response> batch = open.responses().subList(next, end);
    double[] rewards =
        new RewardModelScorer(open.model(), in.rows())
            .of(
                batch.stream().map(r -> open.prompts().get(r.promptId())).toList(),
                batch.stream().map(Response::tokenIds).toList());
    var scored = new HashMap<Long, Double>();
    for (int i = 0; i < rewards.length; i++) {
      scored.put(batch.get(i).id(), rewards[i]);
    }
    stores.responses().setRewards(scored);
    run.context().putInt(NEXT, end);
    run.report(stage, end, (long) open.responses().size(), "responses");
    return RepeatStatus.continueIf(end < open.responses().size());
  }

  private Open open(StepContext context, JobRun run, Inputs in) throws Exception {
    if (context.getAttribute(OPEN) instanceof Open open) {
      return open;
    }
    run.report(stage, 0, null, "responses");
    var responses = new ArrayList<Response>();
    var prompts = new HashMap<Long, PromptRow>();
    try (OpenPolicy template = shelf.policy(run.projectId(), in.template())) {
      for (Response response : stores.responses().ofRound(run.projectId(), in.round())) {
        // Scored or not: after a restart the position must count in the same list.
        if (in.members().contains(response.member())) {
          responses.add(response);
        }
      }
      for (Response response : responses) {
        if (!prompts.containsKey(response.promptId())) {
          Prompt prompt = stores.prompts().find(response.promptId()).orElseThrow();
          prompts.put(prompt.id(), template.prompt(prompt.key(), prompt.text()));
        }
      }
    }
    Open open = new Open(shelf.rewardModel(run.projectId(), in.rewardModel()), responses, prompts);
    context.setAttribute(OPEN, open);
    context.registerDestructionCallback(OPEN, open::close);
    return open;
  }
}
