package org.alignmentworkbench.sft.job;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.alignmentworkbench.db.response.NewResponse;
import org.alignmentworkbench.db.response.Response;
import org.alignmentworkbench.model.generation.Generation;
import org.alignmentworkbench.model.generation.Generator;
import org.alignmentworkbench.model.generation.SamplingSettings;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.rlhf.job.JobRun;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.rlhf.job.ProjectPrompts;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.synthetic.task.Checks;
import org.alignmentworkbench.synthetic.task.Split;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.scope.context.StepContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/// Samples responses of committee members, a batch of prompts of one member at a time, and keeps
/// them with the results of their prompt's checks.
///
/// A response's randomness is named by round, member, prompt and number, so neither a restart nor
/// the order of the members changes it.
record SamplingStep(
    String stage,
    Stores stores,
    RunProgress progress,
    ModelShelf shelf,
    Function<JobRun, Inputs> inputs)
    implements Tasklet {
  private static final String MEMBER = "member";
  private static final String NEXT = "next";
  private static final String OPEN = "open";

  /// Who samples how often for which prompts.
  record Inputs(
      int round,
      List<String> members,
      Split split,
      int firstPrompt,
      int prompts,
      int samples,
      Sampling sampling) {}

  private record Open(int member, OpenPolicy policy, List<ProjectPrompts.Entry> prompts) {}

  @Override
  public RepeatStatus execute(StepContribution contribution, ChunkContext chunk) throws Exception {
    JobRun run = JobRun.of(chunk, stores, progress);
    Inputs in = inputs.apply(run);
    ExecutionContext context = run.context();
    int member = context.getInt(MEMBER, 0);
    if (member >= in.members().size()) {
      return RepeatStatus.FINISHED;
    }
    Open open = open(chunk.getStepContext(), run, in, member);
    int next = context.getInt(NEXT, 0);
    int batch = Math.max(1, in.sampling().rows() / in.samples());
    int end = Math.min(open.prompts().size(), next + batch);
    stores
        .responses()
        .add(run.projectId(), sample(run, in, open, open.prompts().subList(next, end)));
    boolean memberDone = end == open.prompts().size();
    context.putInt(MEMBER, memberDone ? member + 1 : member);
    context.putInt(NEXT, memberDone ? 0 : end);
    run.report(
        stage,
        ((long) member * open.prompts().size() + end) * in.samples(),
        (long) in.members().size() * open.prompts().size() * in.samples(),
        "responses");
    return RepeatStatus.continueIf(!memberDone || member + 1 < in.members().size());
  }

  private Open open(StepContext context, JobRun run, Inputs in, int member) throws Exception {
    if (context.getAttribute(OPEN) instanceof Open open) {
      if (open.member() == member) {
        return open;
      }
      open.policy().close();
      context.removeAttribute(OPEN);
    }
    run.report(stage, 0, null, "responses");
    List<ProjectPrompts.Entry> prompts =
        ProjectPrompts.of(run, in.split(), in.firstPrompt(), in.prompts());
    Open open = new Open(member, shelf.policy(run.projectId(), in.members().get(member)), prompts);
    context.setAttribute(OPEN, open);
    context.registerDestructionCallback(OPEN, open.policy()::close);
    return open;
  }

  private List<NewResponse> sample(
      JobRun run, Inputs in, Open open, List<ProjectPrompts.Entry> prompts) {
    String member = in.members().get(open.member());
    var ids = new ArrayList<int[]>();
    var streams = new ArrayList<CounterStream>();
    for (ProjectPrompts.Entry prompt : prompts) {
      int[] promptIds = open.policy().prompt(prompt.row().key(), prompt.row().text()).ids();
      for (int sample = 0; sample < in.samples(); sample++) {
        ids.add(promptIds);
        streams.add(
            CounterStream.named(
                run.seed(),
                "sample/" + in.round() + "/" + member,
                prompt.row().key() + "#" + sample));
      }
    }
    var settings =
        new SamplingSettings(
            in.sampling().temperature(),
            in.sampling().maxNewTokens(),
            open.policy().stopIds(),
            false);
    List<Generation> generations =
        Generator.generate(open.policy().model(), ids, settings, streams);
    var responses = new ArrayList<NewResponse>();
    for (int i = 0; i < generations.size(); i++) {
      ProjectPrompts.Entry prompt = prompts.get(i / in.samples());
      int sample = i % in.samples();
      String text = open.policy().text(generations.get(i).ids());
      responses.add(
          new NewResponse(
              prompt.row().id(),
              prompt.row().key() + "|" + in.round() + "|" + member + "|" + sample,
              in.round(),
              member,
              open.policy().row().id(),
              sample,
              text,
              generations.get(i).ids(),
              sum(generations.get(i).logProbs()),
              Response.Finish.valueOf(generations.get(i).finish().name()),
              null,
              Checks.evaluate(prompt.task(), text).toJson(),
              run.run().id()));
    }
    return responses;
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}
