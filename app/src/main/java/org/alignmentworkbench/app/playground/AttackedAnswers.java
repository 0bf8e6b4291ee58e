package org.alignmentworkbench.app.playground;

import java.io.IOException;
import java.util.List;
import org.alignmentworkbench.annotation.desk.AttackedModel;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.model.template.ChatMessage;
import org.alignmentworkbench.model.template.TemplateException;
import org.alignmentworkbench.rlhf.job.Stores;
import org.springframework.stereotype.Component;

/// Answers of a project's model to people who try to make it say what it must not, by the same way
/// as the playground's.
@Component
class AttackedAnswers implements AttackedModel {
  private static final int LONGEST = 512;

  private final Speaker speaker;
  private final Stores stores;

  AttackedAnswers(Speaker speaker, Stores stores) {
    this.speaker = speaker;
    this.stores = stores;
  }

  @Override
  public String answer(long modelId, String prompt, long seed) throws IOException {
    Model model =
        stores
            .models()
            .find(modelId)
            .orElseThrow(() -> new IllegalArgumentException("there is no such model any more"));
    Heard heard = new Heard();
    try {
      speaker.answer(
          new Question(
              Choice.of(model).key(),
              "",
              "",
              List.of(ChatMessage.user(prompt)),
              false,
              1,
              0,
              1,
              0,
              LONGEST,
              seed),
          // Whoever holds a slot of the project hears the model that its lead chose for it.
          projectId -> projectId == model.projectId(),
          heard);
    } catch (TemplateException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return heard.text.toString();
  }

  /// Gathers an answer.
  private static final class Heard implements Speaker.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public boolean prompt(String prompt, int tokens) {
      return true;
    }

    @Override
    public boolean text(String more) {
      text.append(more);
      return true;
    }

    @Override
    public void end(boolean stopped, int tokens, double seconds) {}
  }
}
