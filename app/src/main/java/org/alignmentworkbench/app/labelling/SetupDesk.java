package org.alignmentworkbench.app.labelling;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.exchange.BroughtWork;
import org.alignmentworkbench.db.exchange.BroughtWork.Item;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.model.ModelRepository;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.prompt.Split;
import org.alignmentworkbench.db.task.CheckRule;
import org.alignmentworkbench.db.task.NewWork;
import org.alignmentworkbench.db.task.Setup;
import org.alignmentworkbench.db.task.Setups;
import org.alignmentworkbench.db.task.Setups.Made;
import org.alignmentworkbench.db.task.Setups.Source;
import org.alignmentworkbench.rlhf.job.Stores;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Makes the tasks that a lead asks for, by the page or by the API, with a line in the audit trail.
@Component
public class SetupDesk {
  static final int MOST_OVERLAP = 20;
  static final int MOST_TASKS = 100_000;

  private final Setups setups;
  private final ModelRepository models;
  private final BroughtWork bringing;
  private final ArtifactStore artifacts;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  SetupDesk(
      Setups setups,
      Stores stores,
      BroughtWork bringing,
      AuditRepository audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.setups = setups;
    this.models = stores.models();
    this.artifacts = stores.artifacts();
    this.bringing = bringing;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  /// Prompts and answers that somebody brings.
  ///
  /// @param content the file that they are read from, as it came
  public record Brought(List<Item> items, Content content) {
    public Brought {
      items = List.copyOf(items);
    }
  }

  /// A file that can be read again.
  @FunctionalInterface
  public interface Content {
    InputStream open() throws IOException;
  }

  /// What is asked for.
  ///
  /// @param overlap judgements wanted of each task
  /// @param answers of a ranking; of other kinds their own number
  /// @param split of the prompts, or empty for all
  /// @param model name of the model whose responses are taken, or empty for all; the model that a
  ///   red-team task is about
  /// @param most tasks at most
  /// @param repeatPercent of the choices somebody is dealt, those they made before, sides swapped
  /// @param mixed whether the tasks are mixed with what waits already; else they come after it
  /// @param brought what the tasks are made of instead, or null
  public record Wish(
      Question question,
      int overlap,
      int answers,
      String split,
      String model,
      int most,
      int repeatPercent,
      boolean mixed,
      @Nullable Brought brought) {
    public Wish {
      TaskKind kind = question.kind();
      within("overlap", overlap, 1, MOST_OVERLAP);
      within("most", most, 1, MOST_TASKS);
      within(
          "repeatPercent", repeatPercent, 0, kind == TaskKind.CHOICE ? CheckRule.MOST_PERCENT : 0);
      within("answers", answers, kind.fewestAnswers(), kind.mostAnswers());
      if (!split.isEmpty() && Stream.of(Split.values()).noneMatch(s -> s.name().equals(split))) {
        throw new IllegalArgumentException(
            "split must be one of %s, was '%s'".formatted(List.of(Split.values()), split));
      }
    }

    private static void within(String name, int value, int least, int most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            "%s must be %d..%d, was '%d'".formatted(name, least, most, value));
      }
    }
  }

  /// How many tasks it would be; nothing is made.
  ///
  /// @throws IllegalArgumentException with value, rule and place
  public int count(long projectId, Wish wish) {
    Brought brought = wish.brought();
    return brought == null ? candidates(projectId, wish).size() : brought.items().size();
  }

  /// Makes the tasks and notes who did it, both or neither. A file that somebody brought is kept by
  /// its hash, as what its texts come from.
  ///
  /// @throws IllegalArgumentException with value, rule and place
  public Made make(Project project, Wish wish, long personId) {
    Path folder = artifacts.temporary();
    try {
      Path copy = folder.resolve("brought");
      Brought brought = wish.brought();
      if (brought != null) {
        try (InputStream content = brought.content().open()) {
          Files.copy(content, copy);
        }
      }
      return make(project, wish, brought, copy, personId);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      artifacts.discard(folder);
    }
  }

  private Made make(
      Project project, Wish wish, @Nullable Brought brought, Path copy, long personId) {
    return transaction.execute(_ -> {
      @Nullable String file =
          brought == null ? null : artifacts.adopt(Artifact.Kind.DATASET, copy).sha256();
      List<NewWork> work =
          brought == null || file == null
              ? candidates(project.id(), wish)
              : bringing.take(project.id(), brought.items(), file);
      Made made =
          setups.make(
              project.id(),
              wish.question(),
              target(project.id(), wish),
              wish.overlap(),
              wish.repeatPercent(),
              wish.mixed(),
              JsonMapper.shared().writeValueAsString(source(wish, file)),
              work,
              personId,
              clock.instant());
      if (made.made() > 0) {
        note(project, wish, made, personId);
      }
      return made;
    });
  }

  private void note(Project project, Wish wish, Made made, long personId) {
    audit.record(
        personId,
        "labelling.setup",
        "project " + project.id(),
        JsonMapper.shared()
            .writeValueAsString(
                Map.of(
                    "kind",
                    wish.question().kind().name(),
                    "tasks",
                    made.made(),
                    "overlap",
                    wish.overlap(),
                    "repeatPercent",
                    wish.repeatPercent(),
                    "mixed",
                    wish.mixed())));
  }

  /// The set-up of that number in the project.
  public Optional<Setup> find(long projectId, long id) {
    return setups.ofProject(projectId).stream().filter(setup -> setup.id() == id).findFirst();
  }

  /// The newest first.
  public List<Setup> all(long projectId) {
    return setups.ofProject(projectId);
  }

  private List<NewWork> candidates(long projectId, Wish wish) {
    @Nullable Long modelId = wish.model().isEmpty() ? null : model(projectId, wish.model());
    return setups.candidates(
        projectId,
        wish.question().kind(),
        new Source(
            wish.split().isEmpty() ? null : wish.split(), modelId, wish.answers(), wish.most()));
  }

  /// The model that a red-team task is about.
  private @Nullable Long target(long projectId, Wish wish) {
    return wish.question().kind() == TaskKind.RED_TEAM ? model(projectId, wish.model()) : null;
  }

  private long model(long projectId, String name) {
    return models
        .findByName(projectId, name)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "model must be one of the project, was '%s'".formatted(name)))
        .id();
  }

  private static Map<String, Object> source(Wish wish, @Nullable String file) {
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("split", wish.split());
    source.put("model", wish.model());
    source.put("most", wish.most());
    if (file != null) {
      source.put("file", file);
    }
    return source;
  }
}
