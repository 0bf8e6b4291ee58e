package org.alignmentworkbench.annotation.reading;

import java.util.List;
import org.alignmentworkbench.db.person.PersonSettingRepository;
import org.alignmentworkbench.db.prompt.PromptTurnRepository;
import org.alignmentworkbench.db.task.ClaimedSlot;
import org.alignmentworkbench.db.task.Work;
import org.jspecify.annotations.Nullable;

/// Makes what pages show of the texts in a person's hands.
public final class ReadingPages {
  private final Passages passages;
  private final PromptTurnRepository turns;
  private final PersonSettingRepository settings;

  ReadingPages(Passages passages, PromptTurnRepository turns, PersonSettingRepository settings) {
    this.passages = passages;
    this.turns = turns;
    this.settings = settings;
  }

  /// The texts of a pair in hand.
  public PairReading pair(ClaimedSlot slot, @Nullable String guideline, long personId) {
    return new PairReading(
        passages.said(turns.ofSlot(slot.slotId())),
        passages.of(slot.prompt()),
        passages.of(slot.left()),
        passages.of(slot.right()),
        guideline == null ? null : passages.of(guideline),
        settings.of(personId).raw());
  }

  /// The texts of another task in hand.
  public WorkReading work(Work work, @Nullable String guideline, long personId) {
    return new WorkReading(
        passages.said(turns.ofSlot(work.slotId())),
        passages.of(work.prompt()),
        work.answers().stream().map(passages::of).toList(),
        guideline == null ? null : passages.of(guideline),
        settings.of(personId).raw());
  }

  /// The texts of a task in nobody's hands, in the task's own order.
  public WorkReading task(long taskId, String prompt, List<String> answers, long personId) {
    return new WorkReading(
        passages.said(turns.ofTask(taskId)),
        passages.of(prompt),
        answers.stream().map(passages::of).toList(),
        null,
        settings.of(personId).raw());
  }
}
