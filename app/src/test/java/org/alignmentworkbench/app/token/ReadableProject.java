package org.alignmentworkbench.app.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.DatasetRow;
import org.alignmentworkbench.db.dataset.NewDataset;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.model.NewModel;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.prompt.NewPrompt;
import org.alignmentworkbench.db.prompt.Split;
import org.alignmentworkbench.rlhf.job.Stores;
import org.springframework.transaction.support.TransactionTemplate;

/// A project with the shipped base model and two rows that it could be trained on: an answer that
/// was written and one that was sampled.
public final class ReadableProject {
  public final long projectId;
  public final long modelId;
  public final long datasetId;

  public ReadableProject(RunningServer server) throws IOException {
    Stores stores = server.bean(Stores.class);
    Path rows = Files.createTempFile("rows", ".jsonl");
    Files.writeString(
        rows,
        """
        {"promptKey":"p0","prompt":"Say hello.","source":"demonstration","answer":"Hello.","ids":[]}
        {"promptKey":"p1","prompt":"Say hello.","source":"p1|1|sft|0","answer":"Hi","ids":[338,433,2]}
        """);
    Project project = stores.projects().create("Readable " + System.nanoTime(), 1, "{}");
    projectId = project.id();
    long[] ids = new long[2];
    server
        .bean(TransactionTemplate.class)
        .executeWithoutResult(_ -> {
          Artifact model =
              stores
                  .artifacts()
                  .put(
                      Artifact.Kind.MODEL,
                      Path.of(System.getProperty("workbench.root")).resolve("models/nano"));
          ids[0] =
              stores
                  .models()
                  .register(
                      new NewModel(
                          projectId, "base", Model.Kind.POLICY, model.sha256(), null, null, "{}"))
                  .id();
          stores
              .prompts()
              .add(
                  projectId,
                  List.of(new NewPrompt("p0", Split.TRAIN, "REPLY", "t", "Say hello.", "{}")));
          long prompt = stores.prompts().ofSplit(projectId, Split.TRAIN).getFirst().id();
          Artifact file = stores.artifacts().put(Artifact.Kind.DATASET, rows);
          ids[1] =
              stores
                  .datasets()
                  .create(
                      new NewDataset(
                          projectId, "written", Dataset.Kind.DEMONSTRATIONS, file.sha256(), null),
                      List.of(
                          new DatasetRow(prompt, null, null, null),
                          new DatasetRow(prompt, null, null, null)))
                  .id();
        });
    Files.delete(rows);
    modelId = ids[0];
    datasetId = ids[1];
  }
}
