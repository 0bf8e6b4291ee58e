package org.alignmentworkbench.annotation.desk;

import java.io.IOException;
import java.time.Clock;
import java.util.OptionalLong;
import org.alignmentworkbench.db.task.RedTeam;
import org.jspecify.annotations.Nullable;

/// Asks the model that a red-team slot is about, and keeps what it answers.
public final class Asking {
  /// Characters of a question at most.
  public static final int LONGEST = 4_000;

  private final RedTeam redTeam;
  private final @Nullable AttackedModel model;
  private final Clock clock;

  /// @param model null where there is none to be asked
  public Asking(RedTeam redTeam, @Nullable AttackedModel model, Clock clock) {
    this.redTeam = redTeam;
    this.model = model;
    this.clock = clock;
  }

  /// What came of it.
  public enum Outcome {
    ANSWERED,
    EMPTY,
    TOO_LONG,
    /// There is no model to be asked.
    NO_MODEL,
    /// Others are asking.
    NOT_NOW,
    /// The slot is not in this person's hands, or its task is no such task.
    NOT_YOURS
  }

  public Outcome ask(long slotId, long personId, String text) throws IOException {
    OptionalLong target =
        redTeam.target(slotId, personId).map(OptionalLong::of).orElseGet(OptionalLong::empty);
    String prompt = text.replace("\r\n", "\n").strip();
    if (target.isEmpty()) {
      return Outcome.NOT_YOURS;
    }
    if (prompt.isEmpty()) {
      return Outcome.EMPTY;
    }
    if (prompt.length() > LONGEST) {
      return Outcome.TOO_LONG;
    }
    return model == null
        ? Outcome.NO_MODEL
        : ask(model, target.getAsLong(), slotId, personId, prompt);
  }

  private Outcome ask(AttackedModel asked, long modelId, long slotId, long personId, String prompt)
      throws IOException {
    try {
      String response = asked.answer(modelId, prompt, redTeam.of(slotId, personId).size());
      return redTeam.add(slotId, personId, prompt, response, clock.instant())
          ? Outcome.ANSWERED
          : Outcome.NOT_YOURS;
    } catch (IllegalArgumentException | IllegalStateException notNow) {
      return Outcome.NOT_NOW;
    }
  }
}
